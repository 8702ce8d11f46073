use strict;
use warnings;

my $n = <STDIN>;
chomp $n;
my $d = 2;
$d++ while $n % $d != 0;
print "$d ", $n / $d, "\n";
