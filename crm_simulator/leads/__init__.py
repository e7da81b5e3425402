"""A CRM's leads: from their forms over marketing to the reps."""
