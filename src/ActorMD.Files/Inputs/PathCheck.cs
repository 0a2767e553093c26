using System.Text;
using static System.FormattableString;

namespace ActorMD.Files.Inputs;

/// <summary>Paths that no system can open are faults of the input, not of the machine.</summary>
public static class PathCheck
{
    private const int NameBytesMax = 255;
    private const int PathBytesMax = 4095;

    /// <summary>Why a path cannot be one; null: it can.</summary>
    public static string? Problem(string path)
    {
        if (path.Length == 0)
        {
            return "the path is empty";
        }

        if (path.FirstOrDefault(char.IsControl, 'x') is var strange && char.IsControl(strange))
        {
            return Invariant($"the path has the character {(int)strange:X2} (hexadecimal), which no file name has");
        }

        // Lone halves of surrogate pairs come from escapes in YAML.
        if (!IsText(path))
        {
            return "the path has a character that is no text";
        }

        if (path.Split('/').Max(Encoding.UTF8.GetByteCount) is > NameBytesMax and int longest)
        {
            return Invariant($"the path has a name of {longest} bytes, and at most {NameBytesMax} are possible");
        }

        return Encoding.UTF8.GetByteCount(path) is > PathBytesMax and int length
            ? Invariant($"the path has {length} bytes, and at most {PathBytesMax} are possible")
            : null;
    }

    /// <summary>The absolute path.</summary>
    /// <exception cref="InputFaultException">It cannot be a path.</exception>
    public static string Full(string path) => Problem(path) is { } problem
        ? throw new InputFaultException(new InputFault(Shown(path), null, null, problem, "choose another path"))
        : Path.GetFullPath(path);

    // Messages are for a terminal.
    private static string Shown(string path)
    {
        string text = string.Concat(path.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return text.Length > 200 ? text[..200] + "..." : text.Length == 0 ? "(the path)" : text;
    }

    private static bool IsText(string path)
    {
        foreach (Rune rune in path.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }
}
