import os

# Before onnxruntime is imported: since 1.32 it keeps a device id and its events in the home folder, and sends them,
# until it is told not to, and `disable_telemetry_events` comes too late for the first of them.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
