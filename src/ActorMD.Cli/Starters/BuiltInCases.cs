namespace ActorMD.Cli.Starters;

/// <summary>The cases of the folder <c>examples</c>: they are in the program, so that they are at hand wherever it is installed.</summary>
internal static class BuiltInCases
{
    private const string Prefix = "examples/";
    private const string Suffix = ".yaml";

    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(BuiltInCases).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The case file.</summary>
    public static string Text(string name)
    {
        using Stream stream = typeof(BuiltInCases).Assembly.GetManifestResourceStream(Prefix + name + Suffix)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>What it is about: the first sentence of its header.</summary>
    public static string Title(string name)
    {
        string header = string.Join(
            ' ', Text(name).Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim()));
        int end = header.IndexOfAny([':', '.', ';'], header.IndexOf(' ', StringComparison.Ordinal));
        while (end > 0 && end + 1 < header.Length && header[end + 1] != ' ')
        {
            end = header.IndexOfAny([':', '.', ';'], end + 1);
        }

        return end > 0 ? header[..end] : header;
    }

    /// <summary>A list for people: what to run, and what each is.</summary>
    public static string Listing()
    {
        int width = Names.Max(name => name.Length);
        return "Examples that can be run as they are:\n"
            + string.Concat(Names.Select(name => $"  {name.PadRight(width)}  {Title(name)}\n"))
            + "'actormd init NAME --like EXAMPLE' writes one of them to NAME.yaml, 'actormd init NAME' a case of your own;\n"
            + "then: actormd run NAME.yaml\n";
    }
}
