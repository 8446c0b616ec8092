from tests.journeys.test_alerts import *
async def test_dbg(town):
    await at_noon(town, SALMA)
    await follows(town, SALMA, POLITICS)
    await has_a_rival(town)
    town.paper.prints("politics", *FIRE)
    await town.reads()
    await town.sees(SALMA, FIRE[0])
    await town.taps(SALMA, "تابع")
    town.paper.prints("rival", *FIRE_ELSEWHERE)
    await town.reads()
    await town.quiet()
    st = town.mujaz.storage
    for t in ("stories","feeds","subscriptions","occasions","deliveries"):
        print(t)
        for r in await st.fetch(f"SELECT * FROM {t}"): print("  ",{k:v for k,v in dict(r).items() if k in ("id","url","sources","articles","is_silent","last_error","kind","subject","mode","key","state","occasion","reason","section","next_poll_at")})
    for r in await st.fetch("SELECT id,title,story,source FROM articles"): print(dict(r))
    assert 0
