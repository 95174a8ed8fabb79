"""Everything works without a mouse."""

from playwright.sync_api import Page, expect

from tests.browser.playground import Playground

# Identifies a control by its name. One of a radio group is enough, as the arrows reach the others.
CALLED = """element => element.type === "radio"
  ? `radio ${element.name}`
  : element.ariaLabel || element.labels?.[0]?.textContent.trim() || element.textContent.trim()"""
TO_REACH = f"""() => {{
  const called = {CALLED};
  const controls = [...document.querySelectorAll("button, input, select, textarea, a[href], summary, [tabindex]")];
  const shown = controls.filter(one => one.checkVisibility({{visibilityProperty: true}}) && !one.closest("[inert]"));
  return shown.filter(one => !one.disabled && one.tabIndex >= 0).map(called);
}}"""
FOCUSED = f"""() => {{
  const called = {CALLED};
  const element = document.activeElement;
  return !element || element === document.body ? null : [called(element), element.matches(":focus-visible")];
}}"""


def press_through(page: Page, presses: int) -> tuple[set[str], bool]:
    """The controls that Tab reaches, and whether each showed a visible focus."""
    reached, visible = set(), True
    for _ in range(presses):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        if focus:
            reached.add(focus[0])
            visible = visible and focus[1]
    return reached, visible


def test_tab_reaches_every_control(playground: Playground) -> None:
    wanted = set(playground.page.evaluate(TO_REACH))
    assert len(wanted) > 25
    reached, visible = press_through(playground.page, len(wanted) + 10)
    weights = {name for name in wanted if name.startswith("Weight from")}  # of the output: none is looked at yet
    assert wanted - weights <= reached
    assert {"Weight from X₁", "Weight from X₂"} <= reached  # those of the neuron that Tab came from
    assert visible


def test_focus_is_drawn(playground: Playground) -> None:
    play = playground.button("Play")
    play.focus()
    playground.page.keyboard.press("Tab")
    playground.page.keyboard.press("Shift+Tab")
    style = play.evaluate("element => [getComputedStyle(element).outlineStyle, getComputedStyle(element).boxShadow]")
    assert style != ["none", "none"]


def test_space_plays_and_pauses(playground: Playground) -> None:
    playground.page.keyboard.press("Space")
    expect(playground.button("Pause")).to_be_visible()
    playground.wait_to_pass_epoch(3)
    playground.page.keyboard.press("Space")
    expect(playground.button("Play")).to_be_visible()


def test_space_on_the_play_button_acts_once(playground: Playground) -> None:
    playground.button("Play").focus()
    playground.page.keyboard.press("Space")
    expect(playground.button("Pause")).to_be_visible()
    playground.wait_to_pass_epoch(3)


def test_s_steps_and_r_resets(playground: Playground) -> None:
    playground.page.keyboard.press("s")
    playground.wait_for_epoch(1)
    playground.page.keyboard.press("s")
    playground.wait_for_epoch(2)
    playground.page.keyboard.press("r")
    playground.wait_for_epoch(0)


def test_question_mark_lists_the_keys_and_escape_closes_the_list(playground: Playground) -> None:
    dialog = playground.page.get_by_role("dialog")
    playground.page.keyboard.press("?")
    expect(dialog).to_be_visible()
    for key in ["Space", "s", "r", "?"]:
        expect(dialog.get_by_text(key, exact=True).first).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


def test_a_layer_and_a_data_set_without_a_mouse(playground: Playground) -> None:
    playground.button("Add hidden layer").focus()
    playground.page.keyboard.press("Enter")
    expect(playground.neurons(3).first).to_be_visible()
    checked = playground.page.get_by_role("radiogroup", name="Dataset").get_by_role("radio", checked=True)
    checked.focus()
    before = checked.get_attribute("value")
    playground.page.keyboard.press("ArrowRight")
    expect(checked).not_to_have_attribute("value", before or "")
    playground.page.keyboard.press("Space")  # on a radio it selects, and must not play
    expect(playground.button("Play")).to_be_visible()
