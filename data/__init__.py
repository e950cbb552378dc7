"""The data that are installed with the package; README.md says where each file comes from."""
