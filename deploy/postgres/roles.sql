-- The roles of the five services, and one for the state of chat-api's sidecar, which keeps it in a schema of its own.
-- Run it on TaskFlow's database as a role that may make roles and schemas; safe to run again. Then give each a password
-- (passwords.sql), and `npm start -- migrate` with the owner's DATABASE_URL gives each service its tables and no others
-- (src/main/service-tables.ts, docs/adr/0054). Run migrate again after each update, before the services.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY[
    'taskflow_chat_api', 'taskflow_recurring_processor', 'taskflow_reminder_service', 'taskflow_notification_service',
    'taskflow_audit_logger', 'taskflow_state'
  ] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I', role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
    EXECUTE format('ALTER ROLE %I LOGIN NOCREATEDB NOCREATEROLE', role);
  END LOOP;
  IF to_regnamespace('taskflow_state') IS NULL THEN
    EXECUTE 'GRANT taskflow_state TO CURRENT_USER';
    CREATE SCHEMA taskflow_state AUTHORIZATION taskflow_state;
    EXECUTE 'REVOKE taskflow_state FROM CURRENT_USER';
  END IF;
END $$;
