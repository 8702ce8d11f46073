{ Takes the last node for the farthest. }
program Last;
var
  n, node, parent: longint;
  depths: array of longint;
begin
  read(n);
  setlength(depths, n);
  depths[0] := 0;
  for node := 1 to n - 1 do
  begin
    read(parent);
    depths[node] := depths[parent] + 1;
  end;
  writeln(depths[n - 1]);
end.
