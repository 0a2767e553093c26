namespace ActorMD.Files.Tests;

/// <summary>Files as they must be, byte for byte. ACTORMD_WRITE_GOLDEN=1 writes them anew; then look at the difference.</summary>
internal static class Golden
{
    public static string PathOf(string name) => Path.Combine(Repository.Root, "tests", "ActorMD.Files.Tests", "Golden", name);

    public static void Equal(string name, byte[] actual)
    {
        if (Environment.GetEnvironmentVariable("ACTORMD_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
            File.WriteAllBytes(PathOf(name), actual);
        }

        byte[] expected = File.ReadAllBytes(PathOf(name));
        if (!name.EndsWith(".state", StringComparison.Ordinal))
        {
            Assert.Equal(System.Text.Encoding.UTF8.GetString(expected), System.Text.Encoding.UTF8.GetString(actual));
        }

        Assert.Equal(expected, actual);
    }
}
