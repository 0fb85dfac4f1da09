-- Nothing: a host that is alone with its file takes no turns.
SELECT 1;
