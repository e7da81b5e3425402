"""What commands share: options, exit statuses, language."""
