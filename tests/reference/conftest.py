from hypothesis import HealthCheck, settings

# The first call into torch takes some hundred milliseconds; speed is not what these tests are about.
settings.register_profile("without a deadline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("without a deadline")
