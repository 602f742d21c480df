from hypothesis import settings

# The first call into torch takes some hundred milliseconds; speed is not what these tests are about.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")
