using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchard.Engine.Files;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// Counts the loads onto GPUs during which the engine ended, for each model, so that the next engine uses less of the GPUs. Thread-safe.
/// </summary>
/// <param name="results">Where that is stored.</param>
internal sealed class DeviceLoads(ResultFolder results)
{
    // The engine may have been ended for another reason.
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Returns how many loads of a model have ended the engine, during the last day.</summary>
    public int CountDeaths(string model) =>
        int.TryParse(results.Find(NameOf(model), Life), NumberStyles.None, CultureInfo.InvariantCulture, out int deaths) ? deaths : 0;

    /// <summary>Begins a load. It counts as one that ended the engine until the result is disposed.</summary>
    public IDisposable Begin(string model)
    {
        int deaths = CountDeaths(model);
        Write(model, deaths + 1);
        return new Ending(this, model, deaths);
    }

    private void Write(string model, int deaths)
    {
        if (deaths == 0)
        {
            results.Remove(NameOf(model));
        }
        else
        {
            results.Store(NameOf(model), deaths.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string NameOf(string model) => $"load-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model)))}";

    private sealed class Ending(DeviceLoads loads, string model, int deaths) : IDisposable
    {
        public void Dispose() => loads.Write(model, deaths);
    }
}
