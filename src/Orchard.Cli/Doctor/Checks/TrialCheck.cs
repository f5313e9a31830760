using System.Globalization;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>A question to the starter model, through everything that a question of an application passes.</summary>
internal sealed class TrialCheck : ICheck
{
    private const string Model = "starter";

    public string Subject => "trial";

    public async Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        Client client = Client.Create(context.Options);
        await using (client.ConfigureAwait(false))
        {
            ModelInfo model = await client.Models.EnsureLoadedAsync(Model, null, cancellationToken).ConfigureAwait(false);
            TimeSpan loaded = TimeProvider.System.GetElapsedTime(start);
            ChatResult answer = await client.ChatAsync(
                Model, "Hello", new GenerationOptions { MaxOutputTokens = 8 }, cancellationToken).ConfigureAwait(false);
            TimeSpan total = TimeProvider.System.GetElapsedTime(start);
            findings.Ok(string.Create(
                CultureInfo.InvariantCulture,
                $"the starter model ({model.Quantization}) was ready after {loaded.TotalMilliseconds:0} ms, and generated "
                + $"{answer.Usage.CompletionTokens} tokens in {(total - loaded).TotalMilliseconds:0} ms"));
        }
    }
}
