using System.CommandLine;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd schema</c>.</summary>
internal sealed class SchemaCommand : CommandWithExamples
{
    private readonly Option<bool> _markdown = new("--markdown") { Description = "Print it for people, as the page docs/case-file.md." };

    public SchemaCommand()
        : base("schema", "Prints the JSON Schema of the case file: editors complete and check with it.")
    {
        Options.Add(_markdown);
        SetAction(parsed =>
        {
            Console.Out.WriteLine((parsed.GetValue(_markdown) ? CaseReference.Markdown() : CaseSchema.Text).TrimEnd());
            return ExitCode.Done;
        });
    }

    public override IReadOnlyList<string> Examples => ["actormd schema > case.schema.json", "actormd schema --markdown > case-file.md"];
}
