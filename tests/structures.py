"""Arrow's C structures made by hand with ctypes, well or badly, which count how often each is released."""

import ctypes
from ctypes import c_char_p, c_int, c_int64, c_void_p

import numpy as np


class Schema(ctypes.Structure):
    """ArrowSchema."""


class Array(ctypes.Structure):
    """ArrowArray."""


class Stream(ctypes.Structure):
    """ArrowArrayStream."""


RELEASE = ctypes.CFUNCTYPE(None, c_void_p)
GET_SCHEMA = ctypes.CFUNCTYPE(c_int, c_void_p, ctypes.POINTER(Schema))
GET_NEXT = ctypes.CFUNCTYPE(c_int, c_void_p, ctypes.POINTER(Array))
LAST_ERROR = ctypes.CFUNCTYPE(c_void_p, c_void_p)

Schema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_char_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", c_void_p),
    ("dictionary", ctypes.POINTER(Schema)),
    ("release", c_void_p),
    ("private_data", c_void_p),
]
Array._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", ctypes.POINTER(c_void_p)),
    ("children", c_void_p),
    ("dictionary", ctypes.POINTER(Array)),
    ("release", c_void_p),
    ("private_data", c_void_p),
]
Stream._fields_ = [
    ("get_schema", c_void_p),
    ("get_next", c_void_p),
    ("get_last_error", c_void_p),
    ("release", c_void_p),
    ("private_data", c_void_p),
]

_new = ctypes.pythonapi.PyCapsule_New
_new.restype, _new.argtypes = ctypes.py_object, [c_void_p, c_char_p, c_void_p]


def address(function):
    """Give a C function of ctypes as an address."""
    return ctypes.cast(function, c_void_p).value


class Maker:
    """Makes structures, keeps their memory, and counts releases: `released` holds names, one for each release."""

    def __init__(self):
        self.released = []
        self.made = []
        self.kept = []

    def keep(self, thing):
        """Keep what C looks at, and give it."""
        self.kept.append(thing)
        return thing

    def release_of(self, kind, name):
        """Give the address of a release callback, which does what the specification asks for."""

        def release(at):
            held = kind.from_address(at)
            assert held.release, f"{name} was released twice"
            held.release = None
            self.released.append(name)

        self.made.append(name)
        return address(self.keep(RELEASE(release)))

    def schema(self, form, dictionary=None, name="schema", **fields):
        """Make a schema; `fields` put something else in its place."""
        made = self.keep(Schema(format=form, flags=2, release=self.release_of(Schema, name)))
        if dictionary is not None:
            made.dictionary = ctypes.pointer(dictionary)
        return changed(made, fields)

    def array(self, *buffers, length=None, dictionary=None, name="array", **fields):
        """Make an array over NumPy arrays, None being a buffer that is not there."""
        self.kept += buffers
        pointers = self.keep((c_void_p * max(1, len(buffers)))(*(b if b is None else b.ctypes.data for b in buffers)))
        length = len(buffers[1]) if length is None else length
        made = Array(length=length, n_buffers=len(buffers), buffers=pointers, release=self.release_of(Array, name))
        if dictionary is not None:
            made.dictionary = ctypes.pointer(dictionary)
        return changed(self.keep(made), fields)

    def stream(self, schema, arrays, code=0, told=b"no more today", name="stream", **fields):
        """Make a stream of a schema and arrays, which are moved out; then it ends, or fails with `code`."""
        left = list(arrays)
        message = self.keep(ctypes.create_string_buffer(told))

        def get_schema(_, out):
            ctypes.memmove(out, ctypes.byref(schema), ctypes.sizeof(Schema))
            return 0

        def get_next(_, out):
            if left:
                ctypes.memmove(out, ctypes.byref(left.pop(0)), ctypes.sizeof(Array))
                return 0
            out.contents.release = None
            return code

        functions = [GET_SCHEMA(get_schema), GET_NEXT(get_next), LAST_ERROR(lambda _: ctypes.addressof(message))]
        self.kept += functions
        return changed(self.keep(Stream(*map(address, functions), release=self.release_of(Stream, name))), fields)

    def capsule(self, held, name):
        """Give a capsule over a structure; who takes it moves it, and what is left is released with the test."""
        return _new(ctypes.addressof(held), self.keep(ctypes.create_string_buffer(name)), None) if held else None

    def settle(self, *held):
        """Release what was not moved, as the capsules of a library do, and tell whether each was released once."""
        for one in held:
            if one.release:
                RELEASE(one.release)(ctypes.addressof(one))
        return sorted(self.released) == sorted(self.made)


def changed(made, fields):
    """Put other values into fields of a structure."""
    for name, value in fields.items():
        setattr(made, name, value)
    return made


class Exporter:
    """What exports the given capsules, as pyarrow's, Polars' and others' columns do."""

    def __init__(self, *capsules):
        if len(capsules) == 1:
            self.__arrow_c_stream__ = lambda *_: capsules[0]
        else:
            self.__arrow_c_array__ = lambda *_: capsules


def bits(*flags):
    """Give flags as a validity buffer."""
    return np.packbits(np.array(flags, dtype=bool), bitorder="little")
