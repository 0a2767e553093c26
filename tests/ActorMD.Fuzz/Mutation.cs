using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace ActorMD.Fuzz;

/// <summary>Changes a sound input in a few places. Samples and seed determine the result.</summary>
internal static class Mutation
{
    private const int LengthMax = 1 << 16;

    // Texts that readers have stumbled over.
    private static readonly string[] Nasty =
    [
        "NaN", "nan", "inf", "-inf", "Infinity", "1e999", "-1e999", "1e308", "1e100", "1.1e100", "1e50", "1e15", "1e-320", "1e-101", "0",
        "-0", "-1", "1",
        "2", "3", "7", "0.5", "-0.5", "1e-9", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "4294967296",
        "1000000000", "999999999999999999999", "0x10", "1,5", "1_000", ".5", "5.", "-.", "+1", "1e", "--1", "", " ", "\t", "\"", "\"\"",
        "'", "[", "]", "{",
        "}", "(", ")", ":", ",", ";", "=", "#", "|", "~", "null", "yes", "NO", "T", "F", "T T F", "periodic", "open", "7 7 7", "ITEM:",
        "ITEM: ATOMS", "\0", "\r",
        "\n", "\r\n", "\u00E9", "\uFFFD", "\uFEFF", "\u2028", "&a", "*a", "!!int", "|-", "---", "...", "\\", "A", "B", "\u221E",
    ];

    private static readonly long[] NastyNumbers =
    [
        0, 1, -1, 2, 3, 7, 16, 17, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, (long)int.MaxValue + 1,
        uint.MaxValue,
        long.MaxValue, long.MinValue,
    ];

    private static readonly double[] NastyValues =
    [
        0, -0.0, 1, -1, 0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, 1e300, -1e300,
        1e50, 1e15, 1e-300,
        1 - 1e-16, 1e-12,
    ];

    public static byte[] Apply(FuzzTarget target, Random random)
    {
        ImmutableArray<byte[]> samples = target.Samples;
        byte[] input = samples[random.Next(samples.Length)];
        int changes = 1;
        while (changes < 12 && random.Next(3) > 0)
        {
            changes++;
        }

        for (int k = 0; k < changes; k++)
        {
            input = target.IsText ? Text(input, samples, random) : Binary(input, samples, random);
            input = input.Length > LengthMax ? input[..LengthMax] : input;
        }

        return target.Seal is null || random.Next(16) == 0 ? input : target.Seal(input);
    }

    private static byte[] Text(byte[] bytes, ImmutableArray<byte[]> samples, Random random)
    {
        if (random.Next(16) == 0)
        {
            return Binary(bytes, samples, random);
        }

        string text = Encoding.Latin1.GetString(bytes);
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                (int start, int length) = Word(text, random);
                text = text[..start] + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Nasty[random.Next(Nasty.Length)]))
                    + text[(start + length)..];
                break;
            case 3 or 4:
                (start, length) = Word(text, random);
                string other = Encoding.Latin1.GetString(samples[random.Next(samples.Length)]);
                (int from, int count) = Word(other, random);
                text = text[..start] + other.Substring(from, count) + text[(start + length)..];
                break;
            case 5:
                (start, length) = Word(text, random);
                text = text[..start] + text[start..(start + length)] + " " + text[start..];
                break;
            case 6 or 7:
                string[] lines = text.Split('\n');
                int a = random.Next(lines.Length), b = random.Next(lines.Length);
                text = random.Next(4) switch
                {
                    0 => string.Join('\n', lines.Where((_, k) => k != a)),
                    1 => string.Join('\n', [.. lines[..a], lines[b], .. lines[a..]]),
                    2 => text.Replace("\n", "\r\n", StringComparison.Ordinal),
                    _ => Swapped(lines, a, b),
                };
                break;
            case 8:
                text += Encoding.Latin1.GetString(samples[random.Next(samples.Length)]);
                break;
            case 9:
                text = text[..random.Next(text.Length + 1)];
                break;
            case 10:
                int at = random.Next(text.Length + 1);
                text = text[..at] + Nasty[random.Next(Nasty.Length)].Replace("\u221E", "", StringComparison.Ordinal) + text[at..];
                break;
            default:
                return Binary(bytes, samples, random);
        }

        return Encoding.Latin1.GetBytes(text);
    }

    private static string Swapped(string[] lines, int a, int b)
    {
        (lines[a], lines[b]) = (lines[b], lines[a]);
        return string.Join('\n', lines);
    }

    // A run of characters that are no blanks and no marks.
    private static (int Start, int Length) Word(string text, Random random)
    {
        if (text.Length == 0)
        {
            return (0, 0);
        }

        int at = random.Next(text.Length), end = at;
        while (at > 0 && IsInWord(text[at - 1]))
        {
            at--;
        }

        while (end < text.Length && IsInWord(text[end]))
        {
            end++;
        }

        return (at, end - at);
    }

    private static bool IsInWord(char c) => !char.IsWhiteSpace(c) && c is not (',' or ':' or '"' or '=' or '[' or ']' or '{' or '}');

    private static byte[] Binary(byte[] bytes, ImmutableArray<byte[]> samples, Random random)
    {
        if (bytes.Length == 0)
        {
            return samples[random.Next(samples.Length)];
        }

        byte[] changed = (byte[])bytes.Clone();
        int at = random.Next(changed.Length);
        switch (random.Next(10))
        {
            case 0 or 1:
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
            case 2:
                changed[at] = (byte)random.Next(256);
                return changed;
            case 3 when at + 4 <= changed.Length:
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), (int)NastyNumbers[random.Next(NastyNumbers.Length)]);
                return changed;
            case 4 when at + 8 <= changed.Length:
                BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(at), NastyNumbers[random.Next(NastyNumbers.Length)]);
                return changed;
            case 5 or 6 when at + 8 <= changed.Length:
                BinaryPrimitives.WriteDoubleLittleEndian(changed.AsSpan(at), NastyValues[random.Next(NastyValues.Length)]);
                return changed;
            case 7:
                int length = Math.Min(random.Next(1, 64), changed.Length - at);
                return [.. changed[..at], .. changed[(at + length)..]];
            case 8:
                length = Math.Min(random.Next(1, 64), changed.Length - at);
                int to = random.Next(changed.Length + 1);
                return [.. changed[..to], .. changed[at..(at + length)], .. changed[to..]];
            default:
                byte[] other = samples[random.Next(samples.Length)];
                return random.Next(2) == 0
                    ? changed[..at]
                    : [.. changed[..at], .. other[Math.Min(random.Next(other.Length + 1), other.Length)..]];
        }
    }
}
