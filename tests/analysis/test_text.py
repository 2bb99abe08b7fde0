"""Results as people read them: the sentence beneath each row, what rows share at their head."""

import textwrap

from kg.analysis import circular_deals, claims_of_edges, concentration, control, frenemies
from kg.analysis.results.text import as_text
from kg.model import Claim, Document, Entity, Modality


def test_rows_of_one_line_stand_as_a_table_with_their_sentences():
    said = as_text(control(claims_of_edges([("Alpha", "Beta", 0.6), ("Beta", "Gamma", 0.3), ("Alpha", "Gamma", 0.25)])))
    assert said == textwrap.dedent("""\
        Who controls whom

        controller  company  control  direct  together  via
        Alpha       Beta     yes      60 %    60 %
            “Alpha,Beta,0.6” edges.csv
        Alpha       Gamma    yes      25 %    55 %      Beta
            “Alpha,Gamma,0.25” edges.csv · 2 more claims

        note: shares of capital are taken for votes where no source tells the votes: 3""")


def test_a_loop_has_what_its_legs_share_at_its_head_and_each_leg_its_sentence(examples):
    said = as_text(circular_deals(examples, "Nvidia"), width=100)
    assert "Nvidia → CoreWeave → Nvidia · loop kind: vendor financing · modality: asserted" in said
    lines = said.splitlines()
    [leg] = [at for at, line in enumerate(lines) if line.startswith("  1  finances")]
    assert lines[leg].split("  ")[1:3] == ["1", "finances"]
    assert lines[leg + 1].strip().startswith("“Nvidia détient 6 % du capital de CoreWeave.”")


def test_lines_keep_to_the_width_but_for_what_cannot_be_parted(examples):
    for line in as_text(concentration(examples), width=80).splitlines():
        assert len(line) <= 80 or "  " in line


def test_relations_answers_and_quotation_marks_are_in_the_language_asked_for(examples):
    said = as_text(frenemies(examples), lang="fr")
    assert "investit dans" in said
    assert "« Microsoft est le plus gros investisseur d’OpenAI" in said


def test_an_empty_result_says_so_in_both_languages():
    nothing = control([])
    assert as_text(nothing).endswith("nothing found")
    assert as_text(nothing, lang="fr").endswith("rien trouvé")


def test_no_text_of_a_source_reaches_a_terminal_as_a_command():
    evil, beta = (Entity(f"company/{at}", name, "Company") for at, name in enumerate(("Al\x1b[31mpha", "Beta")))
    place = Document("d\x1b.txt", "Al\x1b[31mpha owns Beta.", "en").evidence(0, 20)
    said = as_text(control([Claim(evil, "subsidiary-of", beta, Modality.ASSERTED, (place,))]))
    assert "Beta" in said
    assert "\x1b" not in said
