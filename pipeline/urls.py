"""Pages of this app."""

from django.urls import URLPattern, path

from pipeline.views import board

app_name = "pipeline"
urlpatterns: list[URLPattern] = [
    path("pipeline/", board.board, name="board"),
    path("pipeline/cards/", board.board_cards, name="board_cards"),
    path("pipeline/filters/", board.board_filters, name="board_filters"),
]
