"""Landing-page forms and the desk: their pages, their posts, their visits."""
