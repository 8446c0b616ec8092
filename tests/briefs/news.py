"""The fictitious news that layouts are tried on: a morning in four sections."""

from __future__ import annotations

from bot.briefs.select import Selection, select
from bot.model import Section, Telling
from tests.briefs.build import NOW, article, taste, telling, told_by


def quake() -> Telling:
    """Make an urgent story of two sources."""
    lead = article(
        "هزة أرضية بقوة 4.7 درجات بعرض ساحل الحسيمة دون خسائر",
        "الحسيمة - رواق: سجلت شبكة الرصد الزلزالي، اليوم، هزة أرضية بعرض ساحل إقليم الحسيمة.\n"
        "وحدد مركز الهزة على بعد 22 كيلومترا من الساحل. وأكدت السلطات عدم تسجيل أي إصابات.",
        number=4,
        story=4,
        by="رواق",
        sections=[Section.ACCIDENTS],
        is_urgent=True,
        image_url="https://riwaq.example/quake.png",
    )
    return told_by(2, lead)


def morning() -> list[Telling]:
    """Make a morning's stories in four sections."""
    cable = article(
        "لشبونة ومدريد تتفقان على ربط كهربائي جديد",
        "اتفقت حكومتا البرتغال وإسبانيا على مد خط كهربائي ثالث بطول 180 كيلومترا.",
        number=20,
        story=20,
        by="رواق",
        sections=[Section.WORLD],
    )
    market = article(
        "هذا ما قرره مجلس مدينة تطوان بشأن السوق القديم",
        "قرر مجلس مدينة تطوان الإبقاء على السوق القديم في مكانه وترميمه على مراحل، "
        "بدل نقله إلى ضاحية المدينة.",
        number=21,
        story=21,
        sections=[Section.ECONOMY],
    )
    snow = article(
        "الثلوج تكسو قمم الأطلس",
        "",
        number=22,
        story=22,
        sections=[Section.ECONOMY],
        video_url="https://marfa.example/snow.webm",
    )
    others = debates(7)
    return [
        quake(),
        told_by(4, article()),
        told_by(3, cable),
        telling(market),
        telling(snow),
        *others,
    ]


def debates(count: int) -> list[Telling]:
    """Make small stories of politics, the even ones told by two sources."""
    leads = (
        article(f"نواب يناقشون المادة {number}", "", number=number, story=number, by="الأركان")
        for number in range(30, 30 + count)
    )
    return [told_by(1 + (lead.id + 1) % 2, lead) for lead in leads]


def chosen(most: int = 20) -> Selection:
    """Select the morning for a reader of politics and economy."""
    selection = select(morning(), taste(Section.POLITICS, Section.ECONOMY), NOW, most)
    assert selection is not None
    return selection
