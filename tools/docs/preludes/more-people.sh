# What the folder of `enrollkit simulate` looks like to its reader: another pair of files beside it.
mkdir -p elsewhere && cd elsewhere
printf 'key,profile,email\nana,sales,ana@example.com\nluis,field,luis@example.com\n' > people.csv
printf 'key,profile\nscanner-1,field\nscanner-2,field\n' > more.csv
enrollkit simulate
