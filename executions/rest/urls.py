"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.rest import bulk, callbacks, commands, incidents, lens, limits, machines, shapes, trials, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("machines/", machines.MachineList.as_view(), name="rest-machines"),
    path("machines/<str:name>/", machines.MachineView.as_view(), name="rest-machine"),
    path("executions/", views.ExecutionList.as_view(), name="rest-executions"),
    path("incidents/", incidents.IncidentList.as_view(), name="rest-incidents"),
    path("incidents/<int:incident>/", incidents.OneIncident.as_view(), name="rest-incident"),
    path("executions/bulk/", bulk.BulkList.as_view(), name="rest-bulk"),
    path("executions/bulk/preview/", bulk.Preview.as_view(), name="rest-bulk-preview"),
    path("executions/bulk/<int:bulk_action>/", bulk.OneBulk.as_view(), name="rest-one-bulk"),
    path("executions/bulk/<int:bulk_action>/items/", bulk.BulkItems.as_view(), name="rest-bulk-items"),
    path("executions/bulk/<int:bulk_action>/cancel/", bulk.CancelBulk.as_view(), name="rest-bulk-cancel"),
    path("executions/bulk/<int:bulk_action>/undo/", bulk.UndoBulk.as_view(), name="rest-bulk-undo"),
    path("execution-filters/", bulk.Filters.as_view(), name="rest-filters"),
    path("execution-filters/<int:number>/", bulk.OneFilter.as_view(), name="rest-filter"),
    path("executions/<int:execution>/", views.ExecutionView.as_view(), name="rest-execution"),
    path("executions/<int:execution>/events/", views.EventList.as_view(), name="rest-events"),
    path("executions/<int:execution>/events/search/", views.EventSearch.as_view(), name="rest-event-search"),
    path("executions/<int:execution>/events/<int:event>/", views.EventView.as_view(), name="rest-event"),
    path("executions/<int:execution>/payloads/<str:name>/", views.PayloadView.as_view(), name="rest-payload"),
    path("executions/<int:execution>/states/<path:name>/", views.StateView.as_view(), name="rest-state"),
    path("executions/<int:execution>/visits/<int:visit>/stages/", views.StagesView.as_view(), name="rest-stages"),
    path("executions/<int:execution>/stop/", commands.Stop.as_view(), name="rest-stop"),
    path("executions/<int:execution>/redrive/", commands.RedriveView.as_view(), name="rest-redrive"),
    path("callback-urls/", callbacks.CallbackUrls.as_view(), name="rest-callback-urls"),
    path("callbacks/<str:signed>/", callbacks.Callback.as_view(), name="rest-callback"),
    path("callbacks/<str:signed>/failure/", callbacks.CallbackFailure.as_view(), name="rest-callback-failure"),
    path("executions/<int:execution>/tasks/<int:ask>/success/", commands.Succeed.as_view(), name="rest-task-success"),
    path("executions/<int:execution>/tasks/<int:ask>/failure/", commands.Fail.as_view(), name="rest-task-failure"),
    path("test-state/", trials.TestState.as_view(), name="rest-test-state"),
    path("machines/<str:name>/shapes/", shapes.ShapesView.as_view(), name="rest-shapes"),
    path("lens/", lens.LensView.as_view(), name="rest-lens"),
    path("engine/", limits.EngineView.as_view(), name="rest-engine"),
    path("limits/", limits.LimitsView.as_view(), name="rest-limits"),
    path("machines/<str:name>/retention/", limits.RetentionView.as_view(), name="rest-retention"),
    path("machines/<str:name>/executions/", commands.Start.as_view(), name="rest-start"),
    path("machines/<str:name>/inputs/", views.InputList.as_view(), name="rest-inputs"),
]
