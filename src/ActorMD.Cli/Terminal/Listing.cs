using System.Text;

namespace ActorMD.Cli.Terminal;

/// <summary>Names on the left, values on the right, one pair a line.</summary>
internal sealed class Listing
{
    private readonly List<(string Name, string Value)> _lines = [];

    public void Add(string name, string value) => _lines.Add((name, value));

    /// <summary>The same with one more line.</summary>
    public Listing With(string name, string value)
    {
        Add(name, value);
        return this;
    }

    public override string ToString()
    {
        int width = _lines.Max(line => line.Name.Length);
        StringBuilder text = new();
        foreach ((string name, string value) in _lines)
        {
            text.Append("  ").Append(name.PadRight(width)).Append("  ").Append(value).Append('\n');
        }

        return text.ToString();
    }
}
