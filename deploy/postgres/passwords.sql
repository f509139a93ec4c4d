-- Gives the roles of roles.sql their passwords, from the environment of psql (15 or newer).
\set ON_ERROR_STOP on
\getenv chat_api CHAT_API_DATABASE_PASSWORD
ALTER ROLE taskflow_chat_api PASSWORD :'chat_api';
\getenv recurring_processor RECURRING_PROCESSOR_DATABASE_PASSWORD
ALTER ROLE taskflow_recurring_processor PASSWORD :'recurring_processor';
\getenv reminder_service REMINDER_SERVICE_DATABASE_PASSWORD
ALTER ROLE taskflow_reminder_service PASSWORD :'reminder_service';
\getenv notification_service NOTIFICATION_SERVICE_DATABASE_PASSWORD
ALTER ROLE taskflow_notification_service PASSWORD :'notification_service';
\getenv audit_logger AUDIT_LOGGER_DATABASE_PASSWORD
ALTER ROLE taskflow_audit_logger PASSWORD :'audit_logger';
\getenv state STATE_DATABASE_PASSWORD
ALTER ROLE taskflow_state PASSWORD :'state';
