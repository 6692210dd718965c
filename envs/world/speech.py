"""Talk: what is said in a decision, who hears it, and how people who know facts answer."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from envs import contract
from envs.contract import DialogueColumn, Kind, Say
from envs.jit import njit
from envs.words import WORD_ID_LIMIT, bag_place, split_words, word_id
from envs.world.sight import walls_between
from envs.world.slots import give_slot
from envs.world.state import NAME_WORDS, PENDING, ROLE_NPC, UTTERANCES

EARSHOT = 8.0
"""Metres within which speech is understood in the open."""
MUFFLE = 0.5
"""Factor on the loudness per wall or closed door between."""
AUDIBLE = 0.12
"""Softest loudness (1 / metres, muffled) that is understood."""
ANSWER_DECISIONS = 3
SPEAKING_DECISIONS = 8
"""How long a sentence can be heard as sound."""
TEMPLATE_WORDS = 10
BRIEFING_ID, TEXT_ID = 1 << 23, 3 << 22
"""Utterance ids of briefings and of texts begin here, out of the way of what is said."""
_ABOUT, _WHERE = -1, -2
_NPC = Kind.NPC.value


def sentence_templates() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The contract's sentences as word ids, so that kernels can write them.

    Returns:
        ``(8, TEMPLATE_WORDS)`` int32 word ids (-1 about, -2 where, 0 end), and for each word its
        dimension in the text bag (int32) and sign (float32).
    """
    shape = (len(Say), TEMPLATE_WORDS)
    words, places = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    signs = np.zeros(shape, np.float32)
    for say, sentence in contract.SENTENCES.items():
        column = 0
        for piece in sentence.split():
            if piece in ("{about}", "{where}"):
                words[say, column] = _ABOUT if piece == "{about}" else _WHERE
                column += 1
                continue
            for word in split_words(piece):
                words[say, column] = word_id(word)
                places[say, column], signs[say, column] = bag_place(word, contract.TEXT_BAG_SIZE)
                column += 1
    return words, places, signs


@lru_cache(maxsize=16384)
def encode_name(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Word ids, bag dimensions and signs of a name, each ``(NAME_WORDS,)``; read only."""
    ids, places = np.zeros(NAME_WORDS, np.int32), np.zeros(NAME_WORDS, np.int32)
    signs = np.zeros(NAME_WORDS, np.float32)
    for column, word in enumerate(split_words(name)[:NAME_WORDS]):
        ids[column] = word_id(word)
        places[column], signs[column] = bag_place(word, contract.TEXT_BAG_SIZE)
    return ids, places, signs


@njit(cache=True, error_model="numpy")
def speak(world, speaker, say, about, where, addressee, clock, utterance_next, spoken_count, spoken,
          person_speaks_until):  # fmt: skip
    """Add an utterance to this decision of a world; a crowd talking at once is cut off."""
    count = spoken_count[world]
    if count >= UTTERANCES:
        return
    utterance_next[world] = utterance_next[world] % (WORD_ID_LIMIT - 1) + 1
    spoken[world, count, 0] = utterance_next[world]
    spoken[world, count, 1] = speaker
    spoken[world, count, 2] = say
    spoken[world, count, 3] = about
    spoken[world, count, 4] = where
    spoken[world, count, 5] = addressee
    spoken_count[world] = count + 1
    person_speaks_until[world, speaker] = clock[world] + SPEAKING_DECISIONS


@njit(cache=True, error_model="numpy")
def loudness_between(boxes, opaque, x0, z0, x1, z1):
    """Loudness 0..1 of speech from (x0, z0) at (x1, z1); 0 when it is not understood."""
    distance = math.sqrt((x1 - x0) ** 2 + (z1 - z0) ** 2)
    if distance > EARSHOT:
        return 0.0
    walls = walls_between(boxes, opaque, x0, z0, x1, z1, -1, 3)
    loudness = MUFFLE**walls / max(1.0, distance)
    return loudness if loudness >= AUDIBLE else 0.0


@njit(cache=True, error_model="numpy", nogil=True)
def talk(
    first_world, last_world,
    actions, npcs, running, done, clock, thing_kind, thing_index, slot_thing, person, person_role,
    person_count, person_position, person_tells_every, person_speaks_until, wall_count, door_count,
    boxes, fact_count, fact_person, fact_about, fact_where, utterance_next, spoken_count, spoken,
    pending_count, pending,
):  # fmt: skip
    """Branches say, about and where of every row, then the people's answers and remarks."""
    for world in range(first_world, last_world):
        if not running[world]:
            continue
        spoken_count[world] = 0
        opaque = wall_count[world] + door_count[world]
        for row in range(world * npcs, world * npcs + npcs):
            say = actions[row, 5]
            if done[row] != 0 or say == 0:
                continue
            about = _thing_at(slot_thing, row, actions[row, 6])
            where = _thing_at(slot_thing, row, actions[row, 7])
            target = _thing_at(slot_thing, row, actions[row, 4])
            addressee = -1
            if target >= 0 and thing_kind[world, target] == _NPC:
                addressee = thing_index[world, target]
            me = person[row]
            speak(world, me, say, about, where, addressee, clock, utterance_next, spoken_count,
                  spoken, person_speaks_until)  # fmt: skip
            if say != Say.ASK:
                continue
            for other in range(person_count[world]):
                if other == me or person_role[world, other] == ROLE_NPC:
                    continue
                here = person_position[world, me]
                there = person_position[world, other]
                heard = loudness_between(boxes[world], opaque, here[0], here[2], there[0], there[2])
                if heard == 0.0 or (addressee >= 0 and addressee != other):
                    continue
                answer = -1
                for fact in range(fact_count[world]):
                    if fact_person[world, fact] == other and fact_about[world, fact] == about:
                        answer = fact_where[world, fact]
                if answer < 0 and addressee != other:
                    continue
                count = pending_count[world]
                already = False
                for waiting in range(count):
                    same = pending[world, waiting, 1] == other and pending[world, waiting, 5] == me
                    already = already or (same and pending[world, waiting, 3] == about)
                if count >= PENDING or already:
                    continue
                pending[world, count, 0] = clock[world] + ANSWER_DECISIONS
                pending[world, count, 1] = other
                pending[world, count, 2] = Say.TELL.value if answer >= 0 else Say.REFUSE.value
                pending[world, count, 3] = about
                pending[world, count, 4] = answer
                pending[world, count, 5] = me
                pending_count[world] = count + 1

        kept = 0
        for waiting in range(pending_count[world]):
            line = pending[world, waiting]
            if line[0] <= clock[world]:
                speak(world, line[1], line[2], line[3], line[4], line[5], clock, utterance_next,
                      spoken_count, spoken, person_speaks_until)  # fmt: skip
            else:
                pending[world, kept, :] = line
                kept += 1
        pending_count[world] = kept

        for other in range(person_count[world]):
            every = person_tells_every[world, other]
            if every <= 0 or (clock[world] + 7 * other) % every != every - 1:
                continue
            known = 0
            for fact in range(fact_count[world]):
                known += fact_person[world, fact] == other
            if known == 0:
                continue
            wanted = ((clock[world] + 7 * other) // every) % known
            for fact in range(fact_count[world]):
                if fact_person[world, fact] != other:
                    continue
                if wanted == 0:
                    speak(world, other, Say.TELL.value, fact_about[world, fact],
                          fact_where[world, fact], -1, clock, utterance_next, spoken_count, spoken,
                          person_speaks_until)  # fmt: skip
                wanted -= 1


@njit(cache=True, error_model="numpy")
def _thing_at(slot_thing, row, slot):
    return int(slot_thing[row, slot]) if slot > 0 else -1


@njit(cache=True, error_model="numpy")
def write_words(
    out, say, about, where, template_word, template_place, template_sign, name_word, name_place,
    name_sign,
):  # fmt: skip
    """Write the sentence of (say, about, where) into a dialogue row: ids, count and bag."""
    first, bag = DialogueColumn.WORDS.value, DialogueColumn.BAG.value
    count = 0
    for column in range(TEMPLATE_WORDS):
        word = template_word[say, column]
        if word == 0:
            break
        if word > 0:
            if count < contract.MAX_WORDS:
                out[first + count] = word
                out[bag + template_place[say, column]] += template_sign[say, column]
                count += 1
            continue
        thing = about if word == _ABOUT else where
        if thing < 0:
            continue
        for part in range(NAME_WORDS):
            if name_word[thing, part] == 0 or count >= contract.MAX_WORDS:
                break
            out[first + count] = name_word[thing, part]
            out[bag + name_place[thing, part]] += name_sign[thing, part]
            count += 1
    out[DialogueColumn.WORD_COUNT.value] = count
    length = 0.0
    for dimension in range(contract.TEXT_BAG_SIZE):
        length += out[bag + dimension] ** 2
    if length > 0.0:
        scale = np.float32(1.0 / math.sqrt(length))
        for dimension in range(contract.TEXT_BAG_SIZE):
            out[bag + dimension] *= scale


@njit(cache=True, error_model="numpy", nogil=True)
def hear(
    first_world, last_world,
    dialogue, heard_count, heard, template_word, template_place, template_sign, npcs, running,
    reading, text_row, text_mentions, act_thing,
    clock, wall_count, door_count, boxes, first_thing, thing_kind, name_word, name_place, name_sign,
    person, person_position, person_yaw, person_held, spoken_count, spoken, briefing_count,
    briefing, tell_slots, goal_thing, thing_slot, slot_thing, slot_order,
    slot_perceived, event_count, event,
):  # fmt: skip
    """Fill ``dialogue`` (R, MAX_UTTERANCES, DIALOGUE_SIZE) with what each row hears.

    Hearing a sentence gives the hearer slots for the speaker and the things named in it, and so
    does reading a text, which comes as if the thing had said it to the reader alone.
    ``heard`` (R, MAX_UTTERANCES, 6) keeps (id, speaker, say, about, where, to me) for the texts;
    a briefing has -1 - its number as its id, a text that was read -1 - its number as its say.
    """
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        dialogue[row] = 0.0
        heard_count[row] = 0
        if not running[world]:
            continue
        now = clock[world]
        count = 0
        if now == 0:
            for line in range(briefing_count[row]):
                dialogue[row, count] = briefing[row, line]
                heard[row, count, 0] = -1 - line
                count += 1
        me = person[row]
        held = person_held[world, me]
        held_thing = first_thing[world, 0] + held if held >= 0 else -1
        x, z = person_position[world, me, 0], person_position[world, me, 2]
        yaw = person_yaw[world, me]
        opaque = wall_count[world] + door_count[world]
        text = reading[row]
        if text >= 0 and count < UTTERANCES:
            if tell_slots[row]:
                for named in text_mentions[world, text]:
                    if named >= 0:
                        give_slot(
                            row, named, now, held_thing, thing_kind[world], goal_thing, thing_slot,
                            slot_thing, slot_order, slot_perceived, event_count, event,
                        )  # fmt: skip
            dialogue[row, count] = text_row[world, text]
            dialogue[row, count, DialogueColumn.UTTERANCE.value] = TEXT_ID + text
            dialogue[row, count, DialogueColumn.SPEAKER.value] = thing_slot[row, act_thing[row]]
            heard[row, count, 0] = TEXT_ID + text
            heard[row, count, 1] = thing_slot[row, act_thing[row]]
            heard[row, count, 2] = -1 - text
            count += 1
        for line in range(spoken_count[world]):
            speaker = spoken[world, line, 1]
            if speaker == me or count >= UTTERANCES:
                continue
            sx, sz = person_position[world, speaker, 0], person_position[world, speaker, 2]
            loudness = loudness_between(boxes[world], opaque, sx, sz, x, z)
            if loudness == 0.0:
                continue
            about, where = spoken[world, line, 3], spoken[world, line, 4]
            addressee = spoken[world, line, 5]
            speaker_thing = first_thing[world, 2] + speaker
            if tell_slots[row]:
                for part in range(3):
                    named = speaker_thing if part == 0 else spoken[world, line, 2 + part]
                    if named >= 0:
                        give_slot(
                            row, named, now, held_thing, thing_kind[world], goal_thing, thing_slot,
                            slot_thing, slot_order, slot_perceived, event_count,
                            event,
                        )  # fmt: skip
            out = dialogue[row, count]
            out[DialogueColumn.UTTERANCE.value] = spoken[world, line, 0]
            out[DialogueColumn.SPEAKER.value] = thing_slot[row, speaker_thing]
            to_me = addressee == me or addressee < 0
            out[DialogueColumn.TO_ME.value] = 1.0 if to_me else 0.0
            distance = max(1e-3, math.sqrt((sx - x) ** 2 + (sz - z) ** 2))
            right = ((sx - x) * math.cos(yaw) - (sz - z) * math.sin(yaw)) / distance
            ahead = ((sx - x) * math.sin(yaw) + (sz - z) * math.cos(yaw)) / distance
            out[DialogueColumn.SIN_DIRECTION.value] = right
            out[DialogueColumn.COS_DIRECTION.value] = ahead
            out[DialogueColumn.LOUDNESS.value] = loudness
            write_words(
                out, spoken[world, line, 2], about, where, template_word, template_place,
                template_sign, name_word[world], name_place[world], name_sign[world],
            )  # fmt: skip
            heard[row, count, 0] = spoken[world, line, 0]
            heard[row, count, 1] = out[DialogueColumn.SPEAKER.value]
            heard[row, count, 2] = spoken[world, line, 2]
            heard[row, count, 3] = about
            heard[row, count, 4] = where
            heard[row, count, 5] = 1 if to_me else 0
            count += 1
        heard_count[row] = count
