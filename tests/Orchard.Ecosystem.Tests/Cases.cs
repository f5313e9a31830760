namespace Orchard.Ecosystem.Tests;

/// <summary>Runs many small cases at the same time, so that the engine computes them in batches, and reports all that failed.</summary>
internal static class Cases
{
    private const int AtOnce = 16;

    public static async Task AllPassAsync<T>(IEnumerable<KeyValuePair<string, T>> cases, Func<string, T, Task> run)
    {
        using var places = new SemaphoreSlim(AtOnce);
        string?[] failures = await Task.WhenAll(cases.Select(RunAsync));
        Assert.Empty(failures.OfType<string>());

        async Task<string?> RunAsync(KeyValuePair<string, T> one)
        {
            await places.WaitAsync();
            try
            {
                await run(one.Key, one.Value);
                return null;
            }
            catch (Exception e)
            {
                return $"{one.Key}: {e.GetType().Name}: {e.Message}";
            }
            finally
            {
                places.Release();
            }
        }
    }
}
