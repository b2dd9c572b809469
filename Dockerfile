FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=crm.settings.base
WORKDIR /srv/setpoint
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN useradd --system --uid 10001 setpoint \
    && mkdir -p var/media && SECRET_KEY=unused python manage.py build_assets \
    && SECRET_KEY=unused python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R setpoint var
USER setpoint
EXPOSE 8000
CMD ["gunicorn", "crm.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
