SET lock_timeout = 0;

-- For the removal of expired keys, oldest first.
DROP INDEX CONCURRENTLY IF EXISTS idempotency_keys_by_claim;
CREATE INDEX CONCURRENTLY idempotency_keys_by_claim ON idempotency_keys (claimed_at);

DROP INDEX CONCURRENTLY IF EXISTS idempotency_keys_oldest_first;
