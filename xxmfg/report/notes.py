"""What does not hold, what is inferred, how to read: sentences in which every number is computed or quoted.

Where the numbers may leave nothing to say, the notes come as a tuple, which is then empty.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .findings import Findings
from .press import decimals_for, press
from .sheets import PERCENT, YI, Note, Row
from .survey import BALANCE, UNASSIGNED, Survey

__all__ = [
    "base_text",
    "denominator",
    "gross_text",
    "industries",
    "inferred_base",
    "inferred_gross",
    "means",
    "misplaced",
    "named_outputs",
    "order_of_leaders",
    "outside_the_cities",
    "rounding",
    "sum_of_counts",
    "uncertain_rest",
    "unusual_digits",
]


def gross_text(survey: Survey, found: Findings) -> str:
    """Print the inferred gross output with as many significant digits as the share that it rests on."""
    return press(found.gross, decimals_for(found.gross, survey.figures["F013"].significant, YI), YI)


def base_text(survey: Survey, found: Findings) -> str:
    """Print the inferred output of the year before with as many significant digits as the rate that it rests on."""
    return press(found.base, decimals_for(found.base, survey.figures["F014"].significant, YI), YI)


def sum_of_counts(survey: Survey, found: Findings) -> tuple[Note, ...]:
    """Say that the counts of the cities do not add up to that of the whole, which rounding cannot explain."""
    n_cities, places, enterprises = len(survey.cities), found.city_places, found.enterprises
    if places == enterprises:
        return ()
    text = (
        f"{n_cities} 个新城的企业数相加为 {places} 户，与新区的 {enterprises} 户相差 {abs(places - enterprises)} 户；"
        "户数是整数，不能用四舍五入解释。重构记录取其中一种可能："
        f"{found.establishments} 处生产单位分属 {enterprises} 户企业，其中有企业在两个新城各有一处，两个数字便都成立。"
        "“先进制造业企业”与“形成产能的先进制造业企业”口径不同，是另一种可能。"
    )
    return (Note(text, "矛盾", f"{n_cities} 个新城企业数相加 {places} 户，新区 {enterprises} 户。"),)


def inferred_gross(survey: Survey, found: Findings) -> tuple[Note, ...]:
    """Say how the gross output follows from the quoted share, and that the share is not computed."""
    share, gross = survey.figures["F013"], gross_text(survey, found)
    text = (
        f"比重 {share.text}% 引自报告（原文为“{share.quoted}”），不由记录算出。报告未给出新区工业总产值，"
        f"{gross} 亿元由 {_yi(survey, found.output)} 亿元 ÷ {share.text}% 反推，"
        f"取与比重相同的 {share.significant} 位有效数字。"
    )
    return (Note(text, "推算", f"新区工业总产值 {gross} 亿元由所引的比重 {share.text}% 反推。"),)


def inferred_base(survey: Survey, found: Findings) -> tuple[Note, ...]:
    """Say how the output of the year before follows from the printed rate."""
    rate, year, base = survey.figures["F014"].text, survey.year, base_text(survey, found)
    text = (
        f"报告未给出 {year - 1} 年产值，也未说明增速按现价还是可比价计算。{base} 亿元由报告的增速 {rate}% 反推并写入"
        f"重构记录；表中增速由记录的 {year} 年、{year - 1} 年产值算出，与原文相合是反推的结果，不是独立的印证。"
    )
    return (Note(text, "推算", f"{year - 1} 年产值 {base} 亿元由增速 {rate}% 反推。"),)


def industries(survey: Survey, found: Findings) -> Note:
    """Say for how many of the named industries the report gives an output."""
    named, given = len(survey.figures["F011"].items), len(_printed_categories(survey, found))
    return Note(f"报告列名 {named} 个产业，只给出其中 {given} 个的产值（表3）；其余产业的记录是重构时的假定。")


def misplaced(survey: Survey, found: Findings) -> list[str]:
    """Give the enterprises, in the order of the report's sentence, whose place there is not their rank."""
    ranks = {leader.name: leader.rank for leader in found.leaders}
    return [name for place, name in enumerate(survey.leaders, start=1) if ranks.get(name, place) != place]


def order_of_leaders(survey: Survey, found: Findings) -> tuple[Note, ...]:
    """Ask about the printed order where the largest enterprises are not named from large to small."""
    moved = misplaced(survey, found)
    if not moved:
        return ()
    printed = "、".join(figure.text for figure in survey.leaders.values())
    descending = sorted((survey.leaders[name] for name in moved), key=lambda figure: figure.value, reverse=True)
    swapped = "，".join(f"{name}为 {figure.text} 亿元" for name, figure in zip(moved, descending, strict=True))
    text = (
        f"报告按“{'、'.join(survey.leaders)}”的次序“分别完成产值” {printed} 亿元，数值并非由大到小，企业名或数值的次序"
        "可能有一处颠倒。本表按原文“分别”逐一对应，依产值排位；"
        f"若数值次序有误，则{swapped}。仅凭报告的数字不能裁定。"
    )
    return (Note(text, "存疑", f"“占比最大”的企业产值依次印为 {printed} 亿元，非由大到小。"),)


def named_outputs(survey: Survey) -> Note:
    """Say which outputs are published ones."""
    n_named, year = len(survey.leaders), survey.year
    return Note(f"{n_named} 户企业 {year} 年产值为报告公布数；其余企业的产值均为重构，不列。")


def uncertain_rest(survey: Survey, found: Findings) -> tuple[Note, ...]:
    """Bound what the branches without a printed output can amount to, within the printed digits."""
    lows, highs = zip(*(figure.span_in_yi() for figure in survey.branches.values()), strict=True)
    least, most = survey.figures["F012"].span_in_yi()
    unit = Decimal(1).scaleb(-survey.usual_decimals("亿元"))
    low, high = (least - sum(highs)).quantize(unit, ROUND_FLOOR), (most - sum(lows)).quantize(unit, ROUND_CEILING)
    printed = _printed_categories(survey, found)
    without = "、".join(name for name in survey.figures["F011"].items if name not in printed)
    rest = press(found.rest.output, max(figure.in_yi().decimals for figure in survey.branches.values()), YI)
    span = f"{str(low).replace('-', '−')} 至 {high} 亿元之间"
    text = (
        f"残差 {rest} 亿元对应报告列名而未给产值的{without}等，以及{UNASSIGNED}的 "
        f"{_yi(survey, found.unassigned.output)} 亿元。各项产值原文均为约数，按印出的位数，"
        f"残差可在 {span}，不能据以判断这些产业的规模。"
    )
    return (Note(text, "存疑", f"合计减去已列产业的残差 {rest} 亿元，按印出位数可在 {span}。"),)


def outside_the_cities(survey: Survey, found: Findings) -> tuple[Note, ...]:
    """Say what the cities' output lacks of the whole, and what the balance item is."""
    if not found.unassigned.output:
        return ()
    n_cities, printed = len(survey.cities), survey.figures["F012"].text
    parts, total, left = (_yi(survey, part) for part in (found.in_cities.output, found.output, found.unassigned.output))
    text = (
        f"{n_cities} 个新城产值相加为 {parts} 亿元，与新区的 {printed} 亿元不等。报告中各新城的占比与产值若都成立，"
        f"占比的分母只能大于各项之和：差额以一行“{UNASSIGNED}”（{BALANCE}，{left} 亿元）列示，计入合计与一切分母"
        f"（{total} 亿元），不计户数，不参加排位。另一种可能是占比由已经四舍五入的数字算出。"
    )
    return (Note(text, "存疑", f"{n_cities} 个新城产值相加 {parts} 亿元，新区 {printed} 亿元。"),)


def denominator(survey: Survey, found: Findings) -> Note:
    """Say what shares are shares of."""
    total, left = _yi(survey, found.output), _yi(survey, found.unassigned.output)
    return Note(f"占比的分母为新区合计 {total} 亿元，含{UNASSIGNED} {left} 亿元。")


def means(survey: Survey, found: Findings) -> Note:
    """Say what an output per enterprise is, and why no growth stands beside it."""
    return Note(
        "户均产值是产值合计除以企业数（合计之比），不是各户或各新城的平均；"
        f"合计行为 {_yi(survey, found.output)} 亿元除以 {found.enterprises} 户。"
        f"{survey.year - 1} 年产值系反推，故不列各新城增速。"
    )


def unusual_digits(survey: Survey, found: Findings) -> tuple[Note, ...]:
    """List what the report prints for a city with fewer decimals than for the others."""
    said = []
    for city in survey.cities:
        part = found.cities[city]
        for name, unit, value, power in (("产值", "亿元", part.output, YI), ("占比", "%", part.share, PERCENT)):
            figure, usual = survey.of_city(city, unit), survey.usual_decimals(unit)
            if figure.decimals < usual:
                said.append(f"{city}{name} {figure.quoted}（{usual} 位小数为 {press(value, usual, power)}）")
    return (Note(f"小数位数从原文：{'、'.join(said)}。"),) if said else ()


def rounding(rows: tuple[Row, ...], places: tuple[int, ...], roles: tuple[str, ...]) -> tuple[Note, ...]:
    """Warn where the printed parts of a column do not add up to its printed total, the last row."""
    for place in places:
        parts = [Decimal(row.cells[place].text) for row in rows if row.role in roles]
        if sum(parts) != Decimal(rows[-1].cells[place].text):
            return (Note("部分数据因四舍五入，存在总计与分项合计不等的情况。"),)
    return ()


def _printed_categories(survey: Survey, found: Findings) -> set[str]:
    """Give the categories that have a branch whose output the report prints."""
    return {survey.categories[found.branch_categories[branch]] for branch in survey.branches}


def _yi(survey: Survey, output: float) -> str:
    return press(output, survey.usual_decimals("亿元"), YI)
