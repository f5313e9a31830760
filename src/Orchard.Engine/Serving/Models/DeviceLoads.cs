using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// Counts the loads onto GPUs during which the engine ended, one small file for each model, so that the next engine uses less of the GPUs.
/// Thread-safe.
/// </summary>
/// <param name="folder">Where the files are. Created when the first load begins.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceLoads(string folder, TimeProvider time)
{
    // The engine may have been ended for another reason.
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Returns how many loads of a model have ended the engine, during the last day.</summary>
    public int CountDeaths(string model)
    {
        try
        {
            string path = PathOf(model);
            return time.GetUtcNow() - File.GetLastWriteTimeUtc(path) <= Life
                && int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out int deaths) ? deaths : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Begins a load. It counts as one that ended the engine until the result is disposed.</summary>
    public IDisposable Begin(string model)
    {
        int deaths = CountDeaths(model);
        Write(model, deaths + 1);
        return new Ending(this, model, deaths);
    }

    private void Write(string model, int deaths)
    {
        try
        {
            if (deaths == 0)
            {
                File.Delete(PathOf(model));
                return;
            }

            // Renamed, so that the file is complete whenever the engine ends.
            Directory.CreateDirectory(folder);
            string unfinished = Path.Combine(folder, $"new-{Guid.NewGuid():N}");
            File.WriteAllText(unfinished, deaths.ToString(CultureInfo.InvariantCulture));
            File.Move(unfinished, PathOf(model), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next load is tried in the same way again.
        }
    }

    private string PathOf(string model) =>
        Path.Combine(folder, $"load-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model)))}");

    private sealed class Ending(DeviceLoads loads, string model, int deaths) : IDisposable
    {
        public void Dispose() => loads.Write(model, deaths);
    }
}
