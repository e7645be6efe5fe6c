# One image for web, worker, beat, migrate and the simulator.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes --no-deps -r requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# What `manage.py backup` and `restore` run.
RUN apt-get update && apt-get install --yes --no-install-recommends age postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app hep
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py ./
COPY hep hep
COPY exercises exercises
COPY notifications notifications
# Static files are part of the image. The values let Django load; they are not kept.
RUN SECRET_KEY=only-for-the-build-0123456789-abcdefghijklmnopqrstuvwxyz ALLOWED_HOSTS=build \
    PUBLIC_BASE_URL=https://build TRUSTED_PROXIES=0 DATABASE_URL=postgresql://build/build \
    REDIS_URL=redis://build TWILIO_ACCOUNT_SID=build TWILIO_AUTH_TOKEN=build \
    python manage.py collectstatic --no-input
USER hep
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "hep.wsgi", "--bind", "0.0.0.0:8000"]
