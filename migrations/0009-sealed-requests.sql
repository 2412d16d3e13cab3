-- What a job with secrets does is sealed with them, as any text of it may hold one, and so are the steps of its plan. What
-- is sealed goes when the job ends; of a job that an older version has taken, what it has left in clear goes, too.
CREATE OR REPLACE FUNCTION jobs_wipe_secrets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.secrets := NULL;
  NEW.secrets_key_id := NULL;
  NEW.plan_steps := NULL;
  NEW.request := NEW.request - '{prompt,steps,files,env,network,metadata}'::text[];
  RETURN NEW;
END $$;
