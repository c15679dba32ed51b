"""Posts of web forms, the model of the page that shows a form, and its visits."""
