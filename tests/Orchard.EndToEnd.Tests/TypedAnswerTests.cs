using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>
/// Whatever the model generates for a type at temperature 1.5, the type's own converter reads. Three samples of each type; twenty if
/// ORCHARD_SCHEMAS is <c>all</c>.
/// </summary>
public sealed class TypedAnswerTests(EngineFixture fixture)
{
    private const int MaxTokens = 400;
    private static readonly int Samples = Environment.GetEnvironmentVariable("ORCHARD_SCHEMAS") == "all" ? 20 : 3;
    private static readonly JsonSerializerOptions Plain = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly JsonSerializerOptions Names = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private static readonly Dictionary<string, Func<Client, Task<int>>> Types = new(StringComparer.Ordinal)
    {
        ["bool"] = Ask<Holder<bool>>(),
        ["sbyte"] = Ask<Holder<sbyte>>(),
        ["byte"] = Ask<Holder<byte>>(),
        ["short"] = Ask<Holder<short>>(),
        ["ushort"] = Ask<Holder<ushort>>(),
        ["int"] = Ask<Holder<int>>(),
        ["uint"] = Ask<Holder<uint>>(),
        ["long"] = Ask<Holder<long>>(),
        ["ulong"] = Ask<Holder<ulong>>(),
        ["Int128"] = Ask<Holder<Int128>>(),
        ["UInt128"] = Ask<Holder<UInt128>>(),
        ["Half"] = Ask<Holder<Half>>(),
        ["float"] = Ask<Holder<float>>(),
        ["double"] = Ask<Holder<double>>(),
        ["decimal"] = Ask<Holder<decimal>>(),
        ["char"] = Ask<Holder<char>>(),
        ["string"] = Ask<Holder<string>>(),
        ["Guid"] = Ask<Holder<Guid>>(),
        ["Uri"] = Ask<Holder<Uri>>(),
        ["Version"] = Ask<Holder<Version>>(),
        ["DateTime"] = Ask<Holder<DateTime>>(),
        ["DateTimeOffset"] = Ask<Holder<DateTimeOffset>>(),
        ["DateOnly"] = Ask<Holder<DateOnly>>(),
        ["TimeOnly"] = Ask<Holder<TimeOnly>>(),
        ["TimeSpan"] = Ask<Holder<TimeSpan>>(),
        ["byte[]"] = Ask<Holder<byte[]>>(),
        ["Memory<byte>"] = Ask<Holder<Memory<byte>>>(),
        ["int?"] = Ask<Holder<int?>>(),
        ["TimeOnly?"] = Ask<Holder<TimeOnly?>>(),
        ["enum as number"] = Ask<Holder<Color>>(),
        ["enum as name"] = Ask<Holder<Color>>(Names),
        ["enum? as name"] = Ask<Holder<Color?>>(Names),
        ["flags as number"] = Ask<Holder<Sides>>(),
        ["flags as names"] = Ask<Holder<Sides>>(Names),
        ["flags? as names"] = Ask<Holder<Sides?>>(Names),
        ["numbers as text"] = Ask<Holder<int>>(JsonSerializerOptions.Web),
        ["strict numbers"] = Ask<Holder<byte>>(new(Plain) { NumberHandling = JsonNumberHandling.Strict }),
        ["list"] = Ask<List<int>>(),
        ["array of times"] = Ask<TimeOnly[]>(),
        ["set"] = Ask<HashSet<Color>>(Names),
        ["immutable"] = Ask<ImmutableArray<short>>(),
        ["by name"] = Ask<Dictionary<string, int>>(),
        ["by number"] = Ask<Dictionary<int, string>>(),
        ["by id"] = Ask<Dictionary<Guid, bool>>(),
        ["by enum"] = Ask<Dictionary<Color, bool>>(Names),
        ["by date"] = Ask<Dictionary<DateOnly, bool>>(),
        ["recursive"] = Ask<Node>(),
        ["recursive list"] = Ask<List<Node>>(),
        ["polymorphic"] = Ask<Shape>(),
        ["any"] = Ask<Holder<object>>(),
        ["node"] = Ask<Holder<JsonValue>>(),
        ["element"] = Ask<Holder<JsonElement>>(),
        ["annotated"] = Ask<Annotated>(check: value => Validator.ValidateObject(value, new ValidationContext(value), validateAllProperties: true)),
    };

    public static TheoryData<string> TypeNames { get; } = [.. Types.Keys];

    [Theory]
    [MemberData(nameof(TypeNames))]
    public async Task Answer_OfAType_IsReadByItsConverter(string type) =>
        Assert.True(await Types[type](fixture.Client) <= Samples, "every sample is read, or was cut by the token limit");

    private static Func<Client, Task<int>> Ask<T>(JsonSerializerOptions? serializer = null, Action<T>? check = null) => async client =>
    {
        int cut = 0;
        GenerationOptions options = new() { Temperature = 1.5, TopK = 0, TopP = 1, MinP = 0, MaxOutputTokens = MaxTokens };
        await Task.WhenAll(Enumerable.Range(1, Samples).Select(async seed =>
        {
            try
            {
                ChatResult<T> answer = await client.ChatAsync<T>("starter", "Give me one.", serializer ?? Plain, options with { Seed = (uint)seed }).OrBroken($"a {typeof(T)}");
                check?.Invoke(answer.Value);
            }
            catch (StructuredOutputException e) when (e.Result.FinishReason == FinishReason.Length)
            {
                Interlocked.Increment(ref cut);
            }
        }));
        return cut;
    };

    public enum Color
    {
        Red,
        Green,
        DarkBlue = 7,
    }

    [Flags]
    public enum Sides
    {
        None = 0,
        Left = 1,
        Right = 2,
        Both = 3,
    }

    public sealed record Holder<T>(T Value);

    public sealed record Node(string Name, List<Node> Children)
    {
        public Node? Next { get; init; }
    }

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    public abstract record Shape;

    public sealed record Circle(double Radius) : Shape;

    public sealed record Square(int Side) : Shape;

    public sealed class Annotated
    {
        [Range(1, 5)]
        public int Stars { get; set; }

        [StringLength(8, MinimumLength = 2)]
        public string Name { get; set; } = "";

        [RegularExpression("[A-Z]{2}-[0-9]{3}|none")]
        public string Code { get; set; } = "";

        [EmailAddress]
        public string Mail { get; set; } = "";

        [Url]
        public string Page { get; set; } = "";

        [Base64String]
        [MaxLength(12)]
        public string Data { get; set; } = "";

        [AllowedValues("a", "b")]
        public string Choice { get; set; } = "";

        [DeniedValues(0, 1)]
        [Range(0, 3)]
        public int Rest { get; set; }

        [Length(1, 3)]
        public List<bool> Some { get; set; } = [];

        [Range(0.5, 2.5, MinimumIsExclusive = true)]
        public double Factor { get; set; }
    }
}
