using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.EndToEnd.Tests.Types;

/// <summary>A way to let the model generate a value of a type.</summary>
internal interface ITypedWay
{
    /// <summary>
    /// Generates a value with a seed, and lets the type's own converter read it. Returns whether the output was finished. Throws if it was
    /// not accepted, or cannot be read.
    /// </summary>
    Task<bool> GenerateAsync<T>(JsonSerializerOptions serializer, Action<T>? check, uint seed);
}

/// <summary>One type with its JSON contract.</summary>
internal abstract class TypeCase
{
    public abstract Task<bool> GenerateAsync(ITypedWay way, uint seed);
}

/// <summary>The .NET types that applications use in answers and as parameters of tools.</summary>
internal static class TypeCatalog
{
    private static readonly JsonSerializerOptions Plain = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly JsonSerializerOptions Names = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static IReadOnlyDictionary<string, TypeCase> All { get; } = new Dictionary<string, TypeCase>(StringComparer.Ordinal)
    {
        ["bool"] = Of<Holder<bool>>(),
        ["sbyte"] = Of<Holder<sbyte>>(),
        ["byte"] = Of<Holder<byte>>(),
        ["short"] = Of<Holder<short>>(),
        ["ushort"] = Of<Holder<ushort>>(),
        ["int"] = Of<Holder<int>>(),
        ["uint"] = Of<Holder<uint>>(),
        ["long"] = Of<Holder<long>>(),
        ["ulong"] = Of<Holder<ulong>>(),
        ["Int128"] = Of<Holder<Int128>>(),
        ["UInt128"] = Of<Holder<UInt128>>(),
        ["Half"] = Of<Holder<Half>>(),
        ["float"] = Of<Holder<float>>(),
        ["double"] = Of<Holder<double>>(),
        ["decimal"] = Of<Holder<decimal>>(),
        ["char"] = Of<Holder<char>>(),
        ["string"] = Of<Holder<string>>(),
        ["Guid"] = Of<Holder<Guid>>(),
        ["Uri"] = Of<Holder<Uri>>(),
        ["Version"] = Of<Holder<Version>>(),
        ["DateTime"] = Of<Holder<DateTime>>(),
        ["DateTimeOffset"] = Of<Holder<DateTimeOffset>>(),
        ["DateOnly"] = Of<Holder<DateOnly>>(),
        ["TimeOnly"] = Of<Holder<TimeOnly>>(),
        ["TimeSpan"] = Of<Holder<TimeSpan>>(),
        ["byte[]"] = Of<Holder<byte[]>>(),
        ["Memory<byte>"] = Of<Holder<Memory<byte>>>(),
        ["int?"] = Of<Holder<int?>>(),
        ["TimeOnly?"] = Of<Holder<TimeOnly?>>(),
        ["enum as number"] = Of<Holder<Color>>(),
        ["enum as name"] = Of<Holder<Color>>(Names),
        ["enum? as name"] = Of<Holder<Color?>>(Names),
        ["flags as number"] = Of<Holder<Sides>>(),
        ["flags as names"] = Of<Holder<Sides>>(Names),
        ["flags? as names"] = Of<Holder<Sides?>>(Names),
        ["numbers as text"] = Of<Holder<int>>(JsonSerializerOptions.Web),
        ["strict numbers"] = Of<Holder<byte>>(new(Plain) { NumberHandling = JsonNumberHandling.Strict }),
        ["list"] = Of<List<int>>(),
        ["array of times"] = Of<TimeOnly[]>(),
        ["set"] = Of<HashSet<Color>>(Names),
        ["immutable"] = Of<ImmutableArray<short>>(),
        ["by name"] = Of<Dictionary<string, int>>(),
        ["by number"] = Of<Dictionary<int, string>>(),
        ["by id"] = Of<Dictionary<Guid, bool>>(),
        ["by enum"] = Of<Dictionary<Color, bool>>(Names),
        ["by date"] = Of<Dictionary<DateOnly, bool>>(),
        ["recursive"] = Of<Node>(),
        ["recursive list"] = Of<List<Node>>(),
        ["polymorphic"] = Of<Shape>(),
        ["any"] = Of<Holder<object>>(),
        ["node"] = Of<Holder<JsonValue>>(),
        ["element"] = Of<Holder<JsonElement>>(),
        ["annotated"] = Of<Annotated>(check: static value => Validator.ValidateObject(value, new ValidationContext(value), validateAllProperties: true)),

        // Nullable values, and text in other clothes.
        ["bool?"] = Of<Holder<bool?>>(),
        ["double?"] = Of<Holder<double?>>(),
        ["decimal?"] = Of<Holder<decimal?>>(),
        ["Guid?"] = Of<Holder<Guid?>>(),
        ["DateTime?"] = Of<Holder<DateTime?>>(),
        ["TimeSpan?"] = Of<Holder<TimeSpan?>>(),
        ["char?"] = Of<Holder<char?>>(),
        ["string?"] = Of<Holder<string?>>(),
        ["byte[]?"] = Of<Holder<byte[]?>>(),
        ["ReadOnlyMemory<byte>"] = Of<Holder<ReadOnlyMemory<byte>>>(),
        ["named numbers"] = Of<Holder<double>>(new(Plain) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals }),
        ["renamed enum"] = Of<Holder<Renamed>>(Names),
        ["small enum as number"] = Of<Holder<Small>>(),

        // Collections.
        ["enumerable"] = Of<IEnumerable<int>>(),
        ["read-only list"] = Of<IReadOnlyList<DateOnly>>(),
        ["queue"] = Of<Queue<bool>>(),
        ["stack"] = Of<Stack<Guid>>(),
        ["linked"] = Of<LinkedList<string>>(),
        ["list of lists"] = Of<List<List<int>>>(),
        ["list of nullable"] = Of<List<int?>>(),
        ["list of bytes"] = Of<List<byte[]>>(),
        ["observable"] = Of<ObservableCollection<char>>(),
        ["sorted"] = Of<SortedDictionary<string, TimeSpan>>(),
        ["read-only map"] = Of<IReadOnlyDictionary<string, bool>>(),
        ["concurrent"] = Of<ConcurrentDictionary<string, double>>(),
        ["frozen"] = Of<ImmutableDictionary<string, short>>(),
        ["map of lists"] = Of<Dictionary<string, List<TimeOnly>>>(),
        ["by long"] = Of<Dictionary<long, bool>>(),
        ["by bool"] = Of<Dictionary<bool, int>>(),
        ["by time"] = Of<Dictionary<DateTime, int>>(),

        // Shapes.
        ["pair"] = Of<KeyValuePair<string, int>>(),
        ["struct"] = Of<Point>(),
        ["record struct"] = Of<Range2>(),
        ["generic"] = Of<Pair<int, Pair<bool, string>>>(),
        ["required"] = Of<Needs>(),
        ["renamed"] = Of<WithNames>(),
        ["extension data"] = Of<Open>(),
        ["inherited"] = Of<Derived>(),
        ["named kind"] = Of<List<Animal>>(),
        ["mutual"] = Of<Parent>(),
        ["closed"] = Of<Closed>(),
        ["snake case"] = Of<Needs>(new(Plain) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }),
        ["required by constructor"] = Of<Range2>(new(Plain) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true }),
        ["object"] = Of<Holder<JsonObject>>(),
        ["array"] = Of<Holder<JsonArray>>(),
        ["dictionary of any"] = Of<Dictionary<string, object?>>(),
        ["money"] = Of<Money>(check: static value => Validator.ValidateObject(value, new ValidationContext(value), validateAllProperties: true)),
    };

    /// <summary>Whether everything is tried: ORCHARD_SCHEMAS is <c>all</c>.</summary>
    public static bool TriesAll { get; } = Environment.GetEnvironmentVariable("ORCHARD_SCHEMAS") == "all";

    /// <summary>Number of samples of each type: a few, or twenty.</summary>
    public static int Samples(int few) => TriesAll ? 20 : few;

    private static Case<T> Of<T>(JsonSerializerOptions? serializer = null, Action<T>? check = null) => new(serializer ?? Plain, check);

    private sealed class Case<T>(JsonSerializerOptions serializer, Action<T>? check) : TypeCase
    {
        public override Task<bool> GenerateAsync(ITypedWay way, uint seed) => way.GenerateAsync(serializer, check, seed);
    }

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

    public enum Small : byte
    {
        One = 1,
        Two = 2,
    }

    public enum Renamed
    {
        [JsonStringEnumMemberName("first one")]
        First,

        [JsonStringEnumMemberName("Ä/ö")]
        Second,
    }

    public struct Point
    {
        public int X { get; set; }

        public short? Y { get; set; }
    }

    public readonly record struct Range2(TimeOnly From, TimeOnly To, string? Label = null);

    public sealed record Pair<TFirst, TSecond>(TFirst First, TSecond Second);

    public sealed class Needs
    {
        public required string FirstName { get; init; }

        public required DateOnly BirthDate { get; init; }

        public int LuckyNumber { get; init; } = 7;
    }

    public sealed class WithNames
    {
        [JsonPropertyName("the-name")]
        public string Name { get; set; } = "";

        [JsonIgnore]
        public string Hidden { get; set; } = "";

        [JsonInclude]
        [JsonPropertyName("größe")]
        internal int Size { get; set; }
    }

    public sealed class Open
    {
        public string Name { get; set; } = "";

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Rest { get; set; }
    }

    public class Base
    {
        public Uri? Home { get; set; }
    }

    public sealed class Derived : Base
    {
        public List<string> Tags { get; } = [];
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Cat), "cat")]
    [JsonDerivedType(typeof(Dog), 2)]
    public abstract class Animal
    {
        public string Name { get; set; } = "";
    }

    public sealed class Cat : Animal
    {
        public byte Lives { get; set; }
    }

    public sealed class Dog : Animal
    {
        public bool Barks { get; set; }
    }

    public sealed record Parent(string Name, List<Child> Children);

    public sealed record Child(string Name, Parent? Guardian);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed class Closed
    {
        public int Count { get; set; }
    }

    public sealed class Money
    {
        [Range(typeof(decimal), "0.01", "999.99")]
        public decimal Amount { get; set; } = 1;

        [Range(typeof(long), "-5", "5")]
        public long Change { get; set; }

        [StringLength(3, MinimumLength = 3)]
        [RegularExpression("[A-Z]+")]
        public string Currency { get; set; } = "EUR";
    }
}
