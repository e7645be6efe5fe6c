"""The provider's workplace.

Nothing is imported here: the admin's site loads the form of `sign_in` before any page can be
registered. `ExercisesConfig.ready` imports `pages`, which registers them.
"""
