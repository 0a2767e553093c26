using System.Text;

namespace ActorMD.Report.Tests;

/// <summary>docs/logging.md is made of the sources: with ACTORMD_WRITE_DOCS=1 this test writes it anew.</summary>
public sealed class LoggingDocumentTests
{
    private const string Header = """
        # The log

        Every process of a run writes a log of its own into the run folder: `log.jsonl` the one that leads, `log-NODE.jsonl` every
        other node, `launch.jsonl` the launcher. A line is a JSON object in the compact log event format (CLEF,
        `Serilog.Formatting.Compact`): `@t` is the time of day (UTC), `@mt` the message with the names of its properties in
        braces, `@l` the level where it is not Information, `@x` an exception; then the properties, and `run` and `node` in every
        line. `actormd monitor` and `actormd report` read nothing else of what happened.

        Nothing is thrown away and no file is rolled. What a process says of its pace comes every two seconds at first, and ever more
        seldom the longer it goes on (`NextSeconds`): 2700 lines in the first day, 1000 in the six days after it, 5700 in a year,
        a quarter of a kilobyte each. All other lines are as many as the case asks for samples and checkpoints, and as things
        happen.

        This page is made from the sources and held to them by `LoggingDocumentTests` (`ACTORMD_WRITE_DOCS=1` writes it anew).

        ## Events

        | level | message | from |
        | --- | --- | --- |

        """;

    private const string Fields = """

        ## Properties

        | name | means |
        | --- | --- |

        """;

    [Fact]
    public void The_page_lists_every_event_of_the_sources()
    {
        string path = Path.Combine(Repository.Root, "docs", "logging.md"), text = Page();
        if (Environment.GetEnvironmentVariable("ACTORMD_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void Every_property_has_a_meaning_and_every_meaning_a_property() => Assert.Equal(
        LogTemplates.In(Repository.Sources).SelectMany(template => template.Fields).Distinct().Order(StringComparer.Ordinal),
            LogFields.Meanings.Keys);

    private static string Page()
    {
        StringBuilder text = new(Header.ReplaceLineEndings("\n"));
        foreach (LogTemplates.LogTemplate template in LogTemplates.In(Repository.Sources).Distinct().OrderBy(
            t => t.File, StringComparer.Ordinal))
        {
            text.Append($"| {template.Level} | `{template.Template}` | {Path.GetFileNameWithoutExtension(template.File)} |\n");
        }

        text.Append(Fields.ReplaceLineEndings("\n"));
        foreach ((string name, string meaning) in LogFields.Meanings)
        {
            text.Append($"| `{name}` | {meaning} |\n");
        }

        return text.ToString();
    }
}
