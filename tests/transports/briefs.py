"""Briefs of our own news for the tests; no newspaper's text."""

from __future__ import annotations

from bot.model import (
    Block,
    Brief,
    BriefKind,
    Button,
    ChatId,
    Copied,
    Fold,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Picture,
    StoryId,
    Title,
)

BOT = "mujaz_test_bot"


def brief(*blocks: Block, kind: BriefKind = BriefKind.INSTANT, **more: object) -> Brief:
    """Make a brief of blocks, or a small one."""
    return Brief(kind, blocks or (Paragraph("خبر قصير."),), **more)  # type: ignore[arg-type]


def instant(*extra: Block) -> Brief:
    """An urgent story of three sources, with foreign runs and markup in its words."""
    return brief(
        *extra,
        Label("🔴 عاجل · حوادث"),
        Title("إخلاء مصنع «Atlas & Fils» بعد تسرب <غاز> خفيف", StoryId(41)),
        Paragraph(
            "أخلت فرق الإنقاذ المصنع خلال 12 دقيقة. لم يصب أحد، وعاد العمل في 75% من الورشات."
        ),
        Note("تغطية من 3 مصادر · رواق الأنباء · اليوم 14:20"),
        buttons=(
            (Button("اقرأ ↗", url="https://example.com/a?x=1&y=2"), Button("احفظ", call="save:41")),
            (Button("المزيد", call="story:41"),),
        ),
    )


def digest(sections: int = 2, items: int = 2) -> Brief:
    """A digest with a lead, some sections, matches, and the rest folded away."""
    lists: list[Block] = []
    for section in range(sections):
        lists.append(Heading(f"قسم {section + 1}"))
        lists.extend(
            Item(f"بلدية الوادي تفتح مكتبة جديدة رقم {item + 1}", StoryId(100 * section + item + 1))
            for item in range(items)
        )
    return brief(
        Heading("موجز الخميس 26 نونبر · 07:00"),
        Paragraph("12 خبرا من 8 مصادر، قراءة دقيقتين"),
        Heading("الأهم"),
        Title("الميناء الجديد يستقبل أول سفينة", StoryId(7)),
        Paragraph("رست السفينة فجر اليوم. تحمل 400 حاوية. · 4 مصادر"),
        Title("قطار الساحل يعود بعد إصلاح الجسر", StoryId(8)),
        Paragraph("استأنفت الرحلات عند الساعة 06:00."),
        *lists,
        Heading("⚽ مباريات اليوم"),
        Paragraph("18:00 نجوم الوادي – اتحاد المرفأ · الكأس"),
        Fold(
            "أخبار أخرى",
            (
                Item("معرض للزعفران في القرية العليا", StoryId(901), "— يفتح أبوابه السبت"),
                Item("Festival du Cèdre يعلن برنامجه", StoryId(902)),
            ),
        ),
        kind=BriefKind.DIGEST,
        buttons=((Button("ما فاتك", call="missed"),),),
    )


def story() -> Brief:
    """A story page: running text, quotations, sources."""
    return brief(
        Title("المجلس البلدي يقر ميزانية النقل", StoryId(12)),
        Paragraph("صوت المجلس بالأغلبية.\n\nتشمل الميزانية 30 حافلة كهربائية من طراز E-City 12."),
        Heading("أبرز ما قيل"),
        Paragraph("رئيسة المجلس: «سنبدأ في يناير»."),
        Paragraph("ممثل السائقين: «نريد ضمانات»."),
        Heading("المصادر"),
        Item("رواق الأنباء", None, "اليوم 09:10"),
        Item("Marfa News", None, "أمس 22:05"),
        Note("أول نشر: أمس 22:05"),
    )


def announcement() -> Brief:
    """Words of the house to all readers; a line that begins with a foreign word or a number."""
    return brief(
        Paragraph("Mujaz 2.0 متاح الآن.\n30 قسما جديدا.\nشكرا لكم."),
        kind=BriefKind.ANNOUNCEMENT,
    )


def copied() -> Brief:
    """An editor's own message."""
    return brief(Copied(ChatId(5), 77), kind=BriefKind.ANNOUNCEMENT)


def pictured(url: str = "https://example.com/port.jpg") -> Brief:
    """A story with a picture."""
    return instant(Picture(url))
