using System.Text.Json;
using Orchard.EndToEnd.Tests.Types;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>
/// Whatever the model generates for a type at temperature 1.5, the type's own converter reads. Two samples of each type; twenty if
/// ORCHARD_SCHEMAS is <c>all</c>. Orchard.Ecosystem.Tests does the same through Microsoft.Extensions.AI and MCP.
/// </summary>
public sealed class TypedAnswerTests(EngineFixture fixture)
{
    public static TheoryData<string> TypeNames { get; } = [.. TypeCatalog.All.Keys];

    [Theory]
    [MemberData(nameof(TypeNames))]
    public async Task Answer_OfAType_IsReadByItsConverter(string type) =>
        await Task.WhenAll(Enumerable.Range(1, TypeCatalog.Samples(few: 2)).Select(
            seed => TypeCatalog.All[type].GenerateAsync(new OwnWay(fixture.Client), (uint)seed)));

    /// <summary>The client's own typed answers.</summary>
    private sealed class OwnWay(Client client) : ITypedWay
    {
        private static readonly GenerationOptions Options = new() { Temperature = 1.5, TopK = 0, TopP = 1, MinP = 0, MaxOutputTokens = 400 };

        public async Task<bool> GenerateAsync<T>(JsonSerializerOptions serializer, Action<T>? check, uint seed)
        {
            try
            {
                ChatResult<T> answer = await client.ChatAsync<T>("starter", "Give me one.", serializer, Options with { Seed = seed }).OrBroken($"a {typeof(T)}");
                check?.Invoke(answer.Value);
                return true;
            }
            catch (StructuredOutputException e) when (e.Result.FinishReason == FinishReason.Length)
            {
                return false;
            }
        }
    }
}
