using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd schema</c>.</summary>
internal sealed class SchemaCommand : CommandWithExamples
{
    public SchemaCommand()
        : base("schema", "Prints the JSON Schema of the case file: editors complete and check with it.")
        => SetAction(_ =>
        {
            Console.Out.WriteLine(CaseSchema.Text.TrimEnd());
            return ExitCode.Done;
        });

    public override IReadOnlyList<string> Examples => ["actormd schema > case.schema.json"];
}
