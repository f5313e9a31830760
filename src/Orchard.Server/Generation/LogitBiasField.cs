using System.Globalization;
using System.Text.Json;

namespace Orchard.Server.Generation;

/// <summary>Reads biases by token id, as OpenAI's object or llama.cpp's list of pairs. Pure.</summary>
internal static class LogitBiasField
{
    private const double Never = -100;

    /// <summary>Returns the biases.</summary>
    public static IReadOnlyDictionary<int, double> Read(Field field)
    {
        var biases = new Dictionary<int, double>();
        if (field.IsObject)
        {
            foreach ((string name, Field value) in field.Members())
            {
                biases[int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int token)
                    ? token
                    : throw field.Invalid("an object whose names are token ids")] = Bias(value);
            }

            return biases;
        }

        foreach (Field pair in field.Items("an object or a list of pairs of a token id and a bias"))
        {
            if (pair.Items("a pair of a token id and a bias").ToArray() is not [Field token, Field bias])
            {
                throw pair.Invalid("a pair of a token id and a bias");
            }

            biases[token.ToInt()] = Bias(bias);
        }

        return biases;
    }

    private static double Bias(Field field) => field.Value.ValueKind == JsonValueKind.False ? Never : field.ToDouble();
}
