using Orchard;

namespace Travel;

/// <summary>The code that the sample tests test: it asks a model, and copes with an engine that fails.</summary>
public sealed class TravelGuide(Client client, string model)
{
    public async Task<string> CapitalOfAsync(string country, CancellationToken cancellationToken = default)
    {
        try
        {
            ChatResult answer = await client.ChatAsync(
                model, $"What is the capital of {country}?", new GenerationOptions { Temperature = 0 }, cancellationToken);
            return answer.Text;
        }
        catch (EngineConnectionException)
        {
            return "The guide is asleep. Please try again.";
        }
    }
}
