"""Contents of messages that are no text."""

from __future__ import annotations

from fake_telegram.refusals import Json


def _file(kind: str, **more: object) -> Json:
    return {"file_id": f"AwAC{kind}", "file_unique_id": f"u{kind}", "file_size": 4096} | more


VOICE: Json = {"voice": _file("voice", duration=3, mime_type="audio/ogg")}
AUDIO: Json = {"audio": _file("audio", duration=180, title="Song")}
VIDEO: Json = {"video": _file("video", width=640, height=480, duration=9)}
VIDEO_NOTE: Json = {"video_note": _file("note", length=240, duration=5)}
STICKER: Json = {
    "sticker": _file("sticker", type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="👍")
}
PHOTO: Json = {"photo": [_file("small", width=90, height=60), _file("big", width=1280, height=853)]}
CONTACT: Json = {"contact": {"phone_number": "+77010000000", "first_name": "Contact " + "x" * 200}}
LOCATION: Json = {"location": {"latitude": 43.24, "longitude": 76.95}}
POLL: Json = {
    "poll": {"id": "7", "question": "Which?", "options": [{"text": "A", "voter_count": 0, "persistent_id": "0"}],
             "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
             "allows_multiple_answers": False, "allows_revoting": False, "members_only": False}
}  # fmt: skip
DICE: Json = {"dice": {"emoji": "🎲", "value": 4}}
EVERY: dict[str, Json] = {
    "voice": VOICE, "audio": AUDIO, "video": VIDEO, "video note": VIDEO_NOTE, "sticker": STICKER, "photo": PHOTO,
    "contact": CONTACT, "location": LOCATION, "poll": POLL, "dice": DICE,
}  # fmt: skip
