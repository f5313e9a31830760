using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Orchard.Hub.Errors;

namespace Orchard.Hub.Files;

/// <summary>
/// Reads from the first bytes of a file whether it is a model, so that nothing else is downloaded to its end. The engine reads the whole
/// header and decides what it can load.
/// </summary>
internal ref struct GgufStart
{
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const uint TextType = 8;
    private const uint ArrayType = 9;

    private ReadOnlySpan<byte> _rest;

    private GgufStart(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Throws for a file that is not a model, or not one that the engine can load.</summary>
    /// <param name="path">Path of the file, for messages.</param>
    /// <param name="bytes">The first bytes; a megabyte covers what is read in all known files.</param>
    /// <param name="anyArchitecture">Whether the engine may know other architectures than the one that belongs to this release.</param>
    /// <exception cref="HubException">The file is not a GGUF model.</exception>
    public static void Check(string path, ReadOnlySpan<byte> bytes, bool anyArchitecture)
    {
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            throw Refused(path, "it does not start with \"GGUF\"");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (version is not (2 or 3))
        {
            throw Refused(path, BinaryPrimitives.ReverseEndianness(version) is 2 or 3
                ? "it is in big-endian byte order"
                : $"it has GGUF version {version}, but only 2 and 3 are supported");
        }

        (string? architecture, string? type) = new GgufStart(bytes[8..]).ReadGeneral();
        if (type is not (null or "model") || architecture is "clip")
        {
            throw Refused(path, $"it contains a {(type is null or "model" ? "vision projector" : type)}");
        }

        if (!anyArchitecture && architecture is not null && !Architectures.Contains(architecture))
        {
            throw Refused(path, $"the engine does not know its architecture '{architecture}'; a newer release of Orchard may");
        }
    }

    private (string? Architecture, string? Type) ReadGeneral()
    {
        string? architecture = null;
        string? type = null;
        if (!TryReadUInt64(out _) || !TryReadUInt64(out ulong count))
        {
            return (null, null);
        }

        for (ulong i = 0; i < count && (architecture is null || type is null); i++)
        {
            if (!TryReadText(out string? key) || !TryReadUInt32(out uint valueType))
            {
                break;
            }

            if (valueType == TextType && key is "general.architecture" or "general.type")
            {
                if (!TryReadText(out string? text))
                {
                    break;
                }

                (architecture, type) = key == "general.type" ? (architecture, text) : (text, type);
            }
            else if (!TrySkip(valueType))
            {
                break;
            }
        }

        return (architecture, type);
    }

    private bool TrySkip(uint type)
    {
        if (type == TextType)
        {
            return TryReadUInt64(out ulong length) && TrySkipBytes(length);
        }

        if (type != ArrayType)
        {
            return SizeOf(type) is { } size && TrySkipBytes((ulong)size);
        }

        if (!TryReadUInt32(out uint elementType) || !TryReadUInt64(out ulong count))
        {
            return false;
        }

        if (SizeOf(elementType) is { } fixedSize)
        {
            return count <= (ulong)_rest.Length && TrySkipBytes(count * (ulong)fixedSize);
        }

        while (count-- > 0)
        {
            if (elementType != TextType || !TrySkip(TextType))
            {
                return false;
            }
        }

        return true;
    }

    private static int? SizeOf(uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        _ => null,
    };

    private bool TryReadText([NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryReadUInt64(out ulong length) || length > (ulong)_rest.Length)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(_rest[..(int)length]);
        return TrySkipBytes(length);
    }

    private bool TryReadUInt32(out uint value) => BinaryPrimitives.TryReadUInt32LittleEndian(_rest, out value) && TrySkipBytes(4);

    private bool TryReadUInt64(out ulong value) => BinaryPrimitives.TryReadUInt64LittleEndian(_rest, out value) && TrySkipBytes(8);

    private bool TrySkipBytes(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            return false;
        }

        _rest = _rest[(int)count..];
        return true;
    }

    private static HubException Refused(string path, string problem) =>
        new(
            HubErrorKind.NotAModel,
            $"'{path}' is not a model that can be run: {problem}. Only its start was downloaded. Choose another file.");
}
