namespace ActorMD.Report.Pages;

/// <summary>The scripts and styles that are embedded in this assembly.</summary>
internal static class Asset
{
    public static string Text(string name)
    {
        using Stream stream = typeof(Asset).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException(
            $"the resource {name} is missing");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
