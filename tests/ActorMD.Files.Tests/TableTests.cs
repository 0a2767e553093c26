using ActorMD.Files.Inputs;
using ActorMD.Files.Tables;

namespace ActorMD.Files.Tests;

/// <summary>Tables go to Parquet and back without a changed letter.</summary>
public sealed class TableTests : IDisposable
{
    private const string Table = "# Two sentences.\n# Units: length.\npair,r,count,note\nAA,0.1,3,\nAB,,4,\"a, b\"\nBB,1E-05,-7,007\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(Table), InlineData("a,b\n"), InlineData("time,T\n0,1\n0.5,1.0000000000000002\n")]
    public void A_table_comes_back_from_parquet_letter_by_letter(string text)
    {
        File.WriteAllText(_folder["a.csv"], text);
        ParquetTable.FromCsv(_folder["a.csv"], _folder["a.parquet"]);
        ParquetTable.ToCsv(_folder["a.parquet"], _folder["b.csv"]);
        Assert.Equal(text, File.ReadAllText(_folder["b.csv"]));
    }

    [Fact]
    public void Columns_have_the_type_of_their_fields()
    {
        TextTable table = TextTable.Parse("a.csv", Table);
        Assert.Equal([typeof(string[]), typeof(double?[]), typeof(long?[]), typeof(string[])], table.Columns.Select(c => c.GetType()));
        Assert.Equal(["Two sentences.", "Units: length."], table.Description.ToArray());
    }

    [Theory, InlineData("a,b\n1\n"), InlineData(""), InlineData("a,a\n1,2\n"), InlineData("a,b\n1,\"2\n")]
    public void What_is_no_table_is_refused(string text) => Assert.Throws<InputFaultException>(() => TextTable.Parse("a.csv", text));

    [Fact]
    public void A_damaged_parquet_file_is_refused()
    {
        File.WriteAllText(_folder["a.parquet"], "PAR1 and nothing more");
        Assert.Throws<InputFaultException>(() => ParquetTable.ToCsv(_folder["a.parquet"], _folder["b.csv"]));
    }
}
