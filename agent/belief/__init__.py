"""The belief: what an NPC has seen, heard, been told or inferred, never the world's truth.

One decision goes through it like this, for all NPCs at once:

    testimony.apply_catalogue, apply_goal, apply_utterances    texts -> facts and goal (rarely)
    update.update            observation and evidence -> state (body, seeing, hearing)
    planner.Planner.plan     ways to everything known (ground)
    features.build_features  numbers for the brain; or a policy of agent.policies acts on the state
    actions.remember_actions what was decided

``columns`` says what every number of the state means. ``graph.SceneGraph`` is the view of one
belief for questions, routes and export. Kernels are cached by numba beside their file; it does not
see that a kernel which it calls has changed in another file, so after such a change touch the
callers too.
"""
