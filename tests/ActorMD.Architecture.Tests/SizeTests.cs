using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>Files, lines and classes stay small enough to be read at once.</summary>
public sealed class SizeTests
{
    private const int FileLimit = 450, LineLimit = 140, FieldLimit = 25, ClassLimit = 500;

    [Fact]
    public void No_file_is_longer_than_the_limit() => Check(
        "files.txt", FileLimit, Sources.All.Select(source => (source.Path, source.Lines.Length - 1)));

    [Fact]
    public void No_line_is_longer_than_the_limit() => Check(
        "lines.txt", 0, Sources.All.Select(source => (source.Path, source.Lines.Count(line => line.Length > LineLimit))));

    [Fact]
    public void No_class_has_more_fields_than_the_limit() => Check("fields.txt", FieldLimit, Types().Select(t => (t.FullName, Fields(t))));

    [Fact]
    public void No_class_has_more_lines_than_the_limit() => Check("classes.txt", ClassLimit, ClassLengths.All.Select(c => (c.Key, c.Value)));

    // A file of allowances has a name and a number per line. What is in it may shrink, and must then be changed here, too; nothing may be added.
    private static void Check(string allowances, int limit, IEnumerable<(string Name, int Value)> measured)
    {
        Dictionary<string, int> allowed = Allowances.Read(allowances);
        List<string> wrong = [];
        foreach ((string name, int value) in measured)
        {
            int most = allowed.GetValueOrDefault(name, limit);
            if (value > most)
            {
                wrong.Add($"{name} has {value}; the limit is {limit}" + (most > limit ? $", its allowance in Allowances/{allowances} is {most}" : ""));
            }
            else if (value <= limit && allowed.ContainsKey(name))
            {
                wrong.Add($"{name} keeps to the limit now: take it out of Allowances/{allowances}");
            }

            allowed.Remove(name);
        }

        wrong.AddRange(allowed.Keys.Select(name => $"{name} in Allowances/{allowances} is not there any more: take it out"));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static IEnumerable<TypeDefinition> Types() => Room.All.SelectMany(room => room.Read().MainModule.GetTypes())
        .Where(t => !t.IsEnum && !t.Name.Contains('<', StringComparison.Ordinal));

    // Of one object: constants and statics are no state.
    private static int Fields(TypeDefinition type) => type.Fields.Count(f => !f.IsStatic);
}
