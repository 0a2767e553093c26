
namespace ActorMD.Files.Cases;

/// <summary>The place of a value in the tree of a case file, in the three notations that are needed.</summary>
/// <param name="Display">For people: <c>species.A.mass</c>, <c>zones.3.distance</c>.</param>
/// <param name="Subject">By index, as in <see cref="Physics.GasFault"/>: <c>species[0].mass</c>.</param>
/// <param name="Pattern">The same for all items of a list: <c>species[].mass</c>; <c>*</c> stands for a name that the user chooses.</param>
internal sealed record KeyPath(string Display, string Subject, string Pattern)
{
    public static readonly KeyPath Root = new("", "", "");

    public KeyPath Key(string name) => new(Join(Display, name), Join(Subject, name), Join(Pattern, name));

    /// <summary>The value of a key that the user chooses, such as a species' name.</summary>
    public KeyPath Named(string name) => new(Join(Display, name), Join(Subject, name), Join(Pattern, "*"));

    /// <summary>An item of a list.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="label">What people call it; null for its index.</param>
    public KeyPath Item(int index, string? label = null)
    {
        string number = FormattableString.Invariant($"[{index}]");
        return new(label is null ? Display + number : Join(Display, label), Subject + number, Pattern + "[]");
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
