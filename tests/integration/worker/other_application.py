"""Another Celery application, which knows nothing of this project but the name of a task.

`python other_application.py BROKER_URL` sends a message for each line of its standard input: a JSON
object with what `send_task` is given. With `"pickled": true` it sends pickle, as an application of
old would.
"""

import json
import sys

from celery import Celery

app = Celery("records", broker=sys.argv[1])
app.conf.task_default_queue = "records"

for line in sys.stdin:
    message = json.loads(line)
    serializer = "pickle" if message.pop("pickled", False) else "json"
    name = message.pop("name", "biomed.ingest")
    app.send_task(name, queue="biomed.ingest", serializer=serializer, **message)
